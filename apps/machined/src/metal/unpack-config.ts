import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { Fault, messageOf } from '@minos/base';

/** Far more than a configuration has; what unpacks to more is a mistake or an attack. */
const MAX_BYTES = 4 * 2 ** 20;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The text of a configuration that may be packed by gzip or zstd; throws a Fault `invalid` for what is no UTF-8 or too long. */
export async function unpackConfig(bytes: Buffer): Promise<string> {
  const limit = { maxOutputLength: MAX_BYTES };
  try {
    if (bytes.subarray(0, GZIP.length).equals(GZIP)) return textOf(await promisify(gunzip)(bytes, limit));
    if (bytes.subarray(0, ZSTD.length).equals(ZSTD)) return textOf(await promisify(zstdDecompress)(bytes, limit));
    return textOf(bytes);
  } catch (e) {
    throw new Fault('invalid', `the configuration cannot be unpacked: ${messageOf(e)}`, {}, { cause: e });
  }
}

/** The text of a configuration on the kernel command line: base64 of zstd. */
export function unpackArgument(base64: string): Promise<string> {
  return unpackConfig(Buffer.from(base64, 'base64'));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
