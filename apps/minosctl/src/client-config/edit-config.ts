import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault, isFault } from '@minos/base';
import type { ClientConfig, ClientContext } from '@minos/config';
import type { CommandCall } from '../cli/command.ts';
import { readClientConfig, readConfigFile } from './load-context.ts';

/** Changes the client configuration of a command and writes it back, whole or not at all. */
export async function editConfig(
  call: Pick<CommandCall<unknown>, 'terminal' | 'globals'>,
  change: (config: ClientConfig, file: string) => ClientConfig,
): Promise<string> {
  const { file, config } = await readClientConfig(call.terminal, call.globals.minosconfig);
  await writeConfig(file, change(config, file));
  return file;
}

/** Changes the context in use, or the one of `--context`. Throws `missing` when there is none. */
export function editContext(
  call: Pick<CommandCall<unknown>, 'terminal' | 'globals'>,
  change: (context: ClientContext) => ClientContext,
): Promise<string> {
  return editConfig(call, (config, file) => {
    const name = call.globals.context ?? config.context;
    const context = config.contexts.get(name);
    if (context === undefined) throw noContext(name, config, file);
    return { ...config, contexts: new Map([...config.contexts, [name, change(context)]]) };
  });
}

/** Why a context cannot be used: its name is wrong, none is chosen, or the file has none at all. Pure. */
export function noContext(name: string, { contexts }: ClientConfig, file: string): Fault {
  if (contexts.size === 0) {
    const next = 'start a cluster (minosctl cluster up), or bring one in: minosctl config merge <talosconfig>';
    return new Fault('missing', `${file} is not there, or has no contexts; ${next}`, { reason: 'NO_CONTEXTS' });
  }
  const what = name === '' ? 'no context is chosen' : `there is no context "${name}"`;
  const known = [...contexts.keys()].join(', ');
  return new Fault('missing', `${what} in ${file}; it has: ${known}; choose one: minosctl config context <name>`, {
    reason: 'NO_SUCH_CONTEXT',
  });
}

/** Writes a client configuration, readable by its owner only. */
export async function writeConfig(file: string, config: ClientConfig): Promise<void> {
  const { emitClientConfig } = await import('@minos/config');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.next`, emitClientConfig(config), { mode: 0o600 });
  await rename(`${file}.next`, file);
}

/** Puts a context into a file, in place of one of that name, and makes it the one in use. */
export async function putContext(file: string, name: string, context: ClientContext): Promise<void> {
  const { contexts } = await readOrEmpty(file);
  await writeConfig(file, { context: name, contexts: new Map([...contexts, [name, context]]) });
}

/** Takes a context out of a file; the file goes with its last one. */
export async function removeContext(file: string, name: string): Promise<void> {
  const config = await readOrEmpty(file);
  const contexts = new Map([...config.contexts].filter(([key]) => key !== name));
  if (contexts.size === 0) await rm(file, { force: true });
  else if (contexts.size < config.contexts.size) {
    const context = config.context === name ? ([...contexts.keys()][0] ?? '') : config.context;
    await writeConfig(file, { context, contexts });
  }
}

async function readOrEmpty(file: string): Promise<ClientConfig> {
  try {
    return await readConfigFile(file);
  } catch (e) {
    if (!isFault(e, 'missing')) throw e;
    return { context: '', contexts: new Map() };
  }
}
