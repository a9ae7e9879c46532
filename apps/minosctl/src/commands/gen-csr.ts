import { basename, dirname, join } from 'node:path';
import { newRequestFor } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { readTextFile } from '../client-config/read-text-file.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly key: string;
  readonly ip: readonly string[];
  readonly roles: readonly string[];
  readonly force: boolean;
}

/** Makes a certificate request with a key that is there; the roles are its organizations. */
export const genCsr: RunCommand<Options> = async ({ options, terminal }) => {
  const { key, ip, roles, force } = options;
  const subject = { organizations: roles.length > 0 ? roles : ['os:admin'] };
  const csr = newRequestFor(await readTextFile(key, terminal), { subject, dnsNames: [], ipAddresses: ip });
  const path = join(dirname(key), `${basename(key, '.key')}.csr`);
  await writeOutputs(new Map([[path, csr]]), { terminal, isReplaced: force });
  return 0;
};
