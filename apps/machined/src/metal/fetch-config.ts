import { ConfigValidationErrorEvent } from '@minos/api/machine';
import { formatProblems, hasCode } from '@minos/base';
import { parseMachineConfig } from '@minos/config';
import type { Machine } from '../runtime/machine.ts';
import { readConfigDisk } from './config-disk.ts';

/** Puts the configuration of a configuration disk on STATE, byte for byte, where STATE has none. A wrong one is told and not taken. */
export async function fetchConfig(machine: Machine, signal: AbortSignal): Promise<void> {
  const { host, paths, log, events } = machine;
  if (await isThere(machine, paths.configFile)) return;
  const disk = await readConfigDisk(machine, signal);
  if (disk === undefined) {
    log.info({}, 'no configuration on STATE, and no disk labelled cidata');
    return;
  }
  const { text, device } = disk;
  const parsed = parseMachineConfig(text);
  if (parsed.ok) {
    await host.files.write(paths.configFile, text, { mode: 0o600, atomic: true });
    log.info({ device }, 'configuration taken from a disk');
    return;
  }
  const error = `the one on ${device} is wrong: ${formatProblems(parsed.problems)}`;
  log.error({ device, problems: error }, 'the configuration on the disk is wrong');
  events.publish({ kind: 'config-validation-error', event: ConfigValidationErrorEvent.fromPartial({ error }) });
}

async function isThere({ host }: Machine, path: string): Promise<boolean> {
  try {
    await host.files.stat(path);
    return true;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return false;
    throw e;
  }
}
