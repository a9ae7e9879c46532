import { selfSigned } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly organization: string;
  readonly ip: readonly string[];
  readonly force: boolean;
}

const YEAR_MS = 365 * 24 * 3_600_000;

/** Makes an Ed25519 key with a certificate that vouches for itself. */
export const genKeypair: RunCommand<Options> = async ({ options, terminal }) => {
  const { organization, ip, force } = options;
  const made = selfSigned({
    subject: { organizations: [organization] },
    ipAddresses: ip,
    usages: ['serverAuth', 'clientAuth'],
    notBeforeMs: terminal.clock.now(),
    ttlMs: YEAR_MS,
  });
  const files = new Map([
    [`${organization}.crt`, made.certPem],
    [`${organization}.key`, made.keyPem],
  ]);
  await writeOutputs(files, { terminal, isReplaced: force });
  return 0;
};
