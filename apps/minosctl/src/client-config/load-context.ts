import { readFile } from 'node:fs/promises';
import { Fault, formatProblems, hasCode, messageOf, Secret } from '@minos/base';
import type { ClientConfig } from '@minos/config';
import type { Terminal } from '../cli/terminal.ts';
import type { GlobalValues } from '../command-table/global-options.ts';
import { findConfig } from './find-config.ts';

/** How to reach a cluster: the context in use, complete. */
export interface ConnectionContext {
  readonly name: string;
  /** The file that it comes from. */
  readonly file: string;
  readonly endpoints: readonly string[];
  readonly nodes: readonly string[];
  readonly ca: string;
  readonly crt: string;
  readonly key: Secret;
}

/** The context that a command works with. Throws a Fault that says what is missing where. */
export async function loadContext(
  terminal: Terminal,
  globals: Pick<GlobalValues, 'minosconfig' | 'context'>,
): Promise<ConnectionContext> {
  const { path, exists } = await findConfig(terminal, globals.minosconfig);
  if (!exists) {
    throw new Fault(
      'missing',
      `no client configuration: ${path} is not there; start a cluster (minosctl cluster up), or name one with --minosconfig or $MINOSCONFIG`,
      { reason: 'NO_CLIENT_CONFIG' },
    );
  }
  return readContext(path, globals.context);
}

/** Reads one context of a file; the current one when no name is given. */
export async function readContext(file: string, wanted: string | undefined): Promise<ConnectionContext> {
  const config = await readConfigFile(file);
  const name = wanted ?? config.context;
  const context = config.contexts.get(name);
  const known = [...config.contexts.keys()].join(', ');
  if (config.contexts.size === 0) {
    throw new Fault(
      'missing',
      `${file} has no contexts: it is no client configuration, or an empty one; minosctl config merge fills one`,
      { reason: 'NO_CONTEXTS' },
    );
  }
  if (context === undefined) {
    const what = name === '' ? 'no context is chosen' : `there is no context "${name}"`;
    throw new Fault(
      'missing',
      `${what} in ${file}; it has: ${known === '' ? 'none' : known}; choose one: minosctl config context <name>`,
      { reason: 'NO_SUCH_CONTEXT' },
    );
  }
  const { caPem, certPem, keyPem, endpoints, nodes } = context;
  if (caPem === undefined || certPem === undefined || keyPem === undefined) {
    throw new Fault(
      'invalid',
      `context "${name}" in ${file} lacks ca, crt or key; take it from the one who made the cluster: minosctl config merge`,
      { reason: 'INCOMPLETE_CONTEXT' },
    );
  }
  await checkPair(name, file, { caPem, certPem, keyPem });
  return { name, file, endpoints, nodes, ca: caPem, crt: certPem, key: new Secret(await readableKey(keyPem)) };
}

/** Throws `invalid` for certificates that are none and for a key of another certificate, which OpenSSL would say in words of its own. */
async function checkPair(
  name: string,
  file: string,
  { caPem, certPem, keyPem }: { readonly caPem: string; readonly certPem: string; readonly keyPem: string },
): Promise<void> {
  const { isKeyOf, parseCertificate } = await import('@minos/pki');
  const next = 'take the context from the one who made the cluster: minosctl config merge';
  for (const [part, pem] of Object.entries({ ca: caPem, crt: certPem })) {
    try {
      parseCertificate(pem);
    } catch (e) {
      const message = `${part} of context "${name}" in ${file} is no certificate; ${next}`;
      throw new Fault('invalid', message, { reason: 'BROKEN_CERTIFICATE' }, { cause: e });
    }
  }
  if (isKeyOf(keyPem, certPem)) return;
  throw new Fault('invalid', `the key of context "${name}" in ${file} does not belong to its certificate; ${next}`, {
    reason: 'KEY_OF_ANOTHER_CERTIFICATE',
  });
}

// Compatible clients write a label that OpenSSL does not know.
async function readableKey(pem: string): Promise<string> {
  const { normalizePrivateKeyPem } = await import('@minos/pki');
  return normalizePrivateKeyPem(pem);
}

/** The client configuration of a command, and its file; an empty one when there is no file. */
export async function readClientConfig(
  terminal: Terminal,
  given: string | undefined,
): Promise<{ readonly file: string; readonly config: ClientConfig }> {
  const { path, exists } = await findConfig(terminal, given);
  return { file: path, config: exists ? await readConfigFile(path) : { context: '', contexts: new Map() } };
}

/** Reads a file that must be there. Throws `invalid` with every problem. */
export async function readConfigFile(file: string): Promise<ClientConfig> {
  const { parseClientConfig } = await import('@minos/config');
  const config = parseClientConfig(await readText(file));
  if (config.ok) return config.value;
  throw new Fault('invalid', `${file} is no client configuration:\n${formatProblems(config.problems)}`, {
    reason: 'INVALID_CLIENT_CONFIG',
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (e) {
    const kind = hasCode(e, 'ENOENT') ? 'missing' : 'denied';
    throw new Fault(kind, `cannot read ${file}: ${messageOf(e)}`, { reason: 'UNREADABLE_CLIENT_CONFIG' }, { cause: e });
  }
}
