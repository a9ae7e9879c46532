import { signClientRequest } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { readTextFile } from '../client-config/read-text-file.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly ca: string;
  readonly csr: string;
  readonly name: string;
  readonly hours: number;
  readonly force: boolean;
}

const HOUR_MS = 3_600_000;

/** Lets an authority in files answer a request with the certificate of a client. */
export const genCrt: RunCommand<Options> = async ({ options, terminal }) => {
  const [certPem, keyPem, csrPem] = await Promise.all(
    [`${options.ca}.crt`, `${options.ca}.key`, options.csr].map((file) => readTextFile(file, terminal)),
  );
  const ca = { certPem: certPem ?? '', keyPem: keyPem ?? '' };
  const times = { notBeforeMs: terminal.clock.now(), ttlMs: options.hours * HOUR_MS };
  const signed = signClientRequest({ ca, csrPem: csrPem ?? '', ...times });
  await writeOutputs(new Map([[`${options.name}.crt`, signed.certPem]]), { terminal, isReplaced: options.force });
  return 0;
};
