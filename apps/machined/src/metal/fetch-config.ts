import { ConfigLoadErrorEvent, ConfigValidationErrorEvent } from '@minos/api/machine';
import { backoffMs, formatProblems, hasCode, messageOf } from '@minos/base';
import type { Machine } from '../runtime/machine.ts';
import { type ConfigSource, configSources, type FoundConfig, type SourceHost } from './config-sources.ts';
import { configArguments } from './kernel-command-line.ts';
import { sayOnConsole } from './say-on-console.ts';

/** What of the machine fetching needs. */
export type FetchHost = SourceHost &
  Pick<Machine, 'paths' | 'events' | 'clock'> & { readonly config: Pick<Machine['config'], 'reader'> };

const COMMAND_LINE = '/proc/cmdline';
const RETRY = { firstMs: 1000, factor: 2, maxMs: 60_000 };

/**
 * Puts a configuration on STATE, byte for byte, where STATE has none: of the first place that has a good one. A wrong one is told and not
 * taken. A place that may have one later is asked again, with growing pauses, until it has.
 */
export async function fetchConfig(machine: FetchHost, signal: AbortSignal): Promise<void> {
  const { host, paths, log } = machine;
  if (await isThere(machine, paths.configFile)) return;
  const kernel = configArguments(await host.files.readText(COMMAND_LINE));
  for (const source of configSources(kernel)) {
    const found = await fetchFrom(machine, source, signal);
    if (found === undefined) continue;
    await host.files.write(paths.configFile, found.text, { mode: 0o600, atomic: true });
    log.info({ source: source.name, from: found.from }, 'configuration taken');
    await sayOnConsole(host, `configuration taken from ${found.from}`);
    return;
  }
  log.info({}, 'no configuration on STATE, in the initramfs, on the kernel command line, or on a disk labelled cidata');
}

async function fetchFrom(machine: FetchHost, source: ConfigSource, signal: AbortSignal): Promise<FoundConfig | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(machine, source, signal);
    if (outcome.kind === 'good') return outcome.found;
    if (outcome.kind === 'none') return undefined;
    const pauseMs = backoffMs(RETRY, attempt);
    const error = source.isAwaited ? `${outcome.error}; next try in ${Math.round(pauseMs / 1000)} s` : outcome.error;
    machine.log.error({ source: source.name, problem: error, attempt }, 'no configuration from here');
    // The console follows the events.
    if (outcome.kind === 'wrong') {
      machine.events.publish({ kind: 'config-validation-error', event: ConfigValidationErrorEvent.fromPartial({ error }) });
    } else {
      machine.events.publish({ kind: 'config-load-error', event: ConfigLoadErrorEvent.fromPartial({ error }) });
    }
    if (!source.isAwaited) return undefined;
    await machine.clock.sleep(pauseMs, signal);
  }
}

type Outcome =
  | { readonly kind: 'good'; readonly found: FoundConfig }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong' | 'unread'; readonly error: string };

async function tryOnce(machine: FetchHost, source: ConfigSource, signal: AbortSignal): Promise<Outcome> {
  try {
    const found = await source.read(machine, signal);
    if (found === undefined) return { kind: 'none' };
    const parsed = machine.config.reader.read(found.text);
    if (parsed.ok) return { kind: 'good', found };
    return { kind: 'wrong', error: `the one from ${found.from} is wrong: ${formatProblems(parsed.problems)}` };
  } catch (e) {
    if (signal.aborted) throw e;
    return { kind: 'unread', error: messageOf(e) };
  }
}

async function isThere({ host }: FetchHost, path: string): Promise<boolean> {
  try {
    await host.files.stat(path);
    return true;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return false;
    throw e;
  }
}
