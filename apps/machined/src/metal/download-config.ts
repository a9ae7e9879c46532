import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Fault, messageOf } from '@minos/base';
import type { Files } from '@minos/host';
import { spkiFingerprint } from '@minos/pki';
import { unpackConfig } from './unpack-config.ts';

/** From where a configuration is taken, and whom to believe. */
export interface DownloadOptions {
  readonly url: string;
  /** The public key that the server must have; then no authority has to vouch for it. */
  readonly fingerprint: string | undefined;
  /** Authorities beside those that Node knows. */
  readonly files: Pick<Files, 'readText'>;
}

/** Far more than a configuration has. */
const MAX_BYTES = 4 * 2 ** 20;
const ATTEMPT_MS = 180_000;
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const REDIRECTS = 5;
const DEFAULT_PORT: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The whole text behind a URL of http or https, unpacked; throws a Fault that says why there is none. */
export async function downloadConfig(options: DownloadOptions, signal: AbortSignal): Promise<string> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
  let url = parseUrl(options.url);
  for (let i = 0; i <= REDIRECTS; i += 1) {
    const response = await request(url, options, until);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      const next = new URL(headers.location, url);
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw new Fault('denied', `${hostOf(url)} sends from https to http`);
      url = next;
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new Fault('unavailable', `${hostOf(url)} answers with HTTP ${statusCode}`);
    }
    return unpackConfig(await wholeBody(response, url));
  }
  throw new Fault('unavailable', `${hostOf(url)} sends from one address to the next, more than ${REDIRECTS} times`);
}

/** What may be told of a URL: its query may be a secret. */
export function hostOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Fault('invalid', 'the place of the configuration is no URL of http or https');
}

async function request(url: URL, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  // Loaded only where it is used: a boot from a disk needs none of it.
  const { request: open } = await import('node:http');
  const secure = url.protocol === 'https:' ? await connectSecurely(url, options, signal) : undefined;
  const connection = secure === undefined ? { agent: false } : { createConnection: () => secure };
  const headers = { host: url.host, accept: '*/*', 'user-agent': 'minos', connection: 'close' };
  const { hostname, port, pathname, search } = url;
  const to = {
    host: bare(hostname),
    port: port === '' ? DEFAULT_PORT[url.protocol] : Number(port),
    path: `${pathname}${search}`,
  };
  return new Promise((resolve, reject) => {
    const sent = open({ ...to, ...connection, headers, signal }, resolve);
    sent.once('error', (e) => reject(new Fault('unavailable', `${hostOf(url)}: ${messageOf(e)}`, {}, { cause: e })));
    sent.end();
  });
}

/** A connection whose other end has been looked at, before anything is said to it. With a fingerprint the key is what counts. */
async function connectSecurely(url: URL, { fingerprint, files }: DownloadOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { connect, rootCertificates } = await import('node:tls');
  const bundle = await files.readText(BUNDLE).catch(() => '');
  const host = bare(url.hostname);
  const socket = connect({
    host,
    port: url.port === '' ? DEFAULT_PORT['https:'] : Number(url.port),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ca: bundle === '' ? [...rootCertificates] : [...rootCertificates, bundle],
    rejectUnauthorized: fingerprint === undefined,
  });
  try {
    await once(socket, 'secureConnect', { signal });
  } catch (e) {
    socket.destroy();
    throw new Fault('unavailable', `${hostOf(url)}: ${messageOf(e)}`, {}, { cause: e });
  }
  const shown = socket.getPeerX509Certificate()?.toString() ?? '';
  if (fingerprint === undefined || (shown !== '' && spkiFingerprint(shown) === fingerprint)) return socket;
  socket.destroy();
  throw new Fault('denied', `${hostOf(url)}: the certificate has another key than minos.config.fingerprint says`);
}

/** Addresses of IPv6 stand in brackets in a URL only. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** All that was promised, or nothing: half a configuration could be one that parses. */
async function wholeBody(response: IncomingMessage, url: URL): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > MAX_BYTES) throw new Fault('exhausted', `more than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
  } catch (e) {
    throw new Fault('unavailable', `${hostOf(url)}: ${messageOf(e)}`, {}, { cause: e });
  }
  if (!response.complete) throw new Fault('unavailable', `${hostOf(url)}: the answer was cut off`);
  if (length === 0) throw new Fault('unavailable', `${hostOf(url)}: the answer is empty`);
  return Buffer.concat(parts);
}
