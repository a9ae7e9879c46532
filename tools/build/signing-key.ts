import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from './programs.ts';
import { run } from './run-command.ts';

/** What images are signed with, and what an initramfs checks them by. */
export interface SigningKey {
  readonly keyPem: string;
  readonly certificateDer: Buffer;
}

const SUBJECT = '/O=minos/CN=image signing key of this checkout';
const DAYS = '3650';

/** The key in a folder (`key.pem`, `certificate.der`); one is made when there is none. RSA, since the kernel of the image has no other kind built in. */
export async function signingKey(folder: string): Promise<SigningKey> {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.der');
  if (!(await isThere(certificate))) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kind = ['-x509', '-newkey', 'rsa:3072', '-noenc', '-sha256', '-days', DAYS, '-subj', SUBJECT];
    await run('openssl', ['req', ...kind, '-keyout', key, '-outform', 'DER', '-out', certificate]);
  }
  return { keyPem: await readFile(key, 'utf8'), certificateDer: await readFile(certificate) };
}
