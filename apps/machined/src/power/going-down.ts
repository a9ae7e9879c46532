import { RestartEvent } from '@minos/api/machine';
import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { orAborted } from '@minos/base';
import type { PowerAction } from '@minos/host';
import type { Machine } from '../runtime/machine.ts';
import type { Phase } from '../sequence/sequence.ts';
import type { GoingDown, PowerEnd } from './power-request.ts';

/** linux/reboot.h */
const LINUX_REBOOT_CMD: Readonly<Record<PowerEnd, bigint>> = { reboot: 0x01234567n, shutdown: 0x4321fedcn };
const STAGE: Readonly<Record<GoingDown['kind'], Stage>> = {
  reboot: Stage.MACHINE_STAGE_REBOOTING,
  shutdown: Stage.MACHINE_STAGE_SHUTTING_DOWN,
  reset: Stage.MACHINE_STAGE_RESETTING,
};
const POWER_ACTION: Readonly<Record<PowerEnd, PowerAction>> = { reboot: 'reboot', shutdown: 'poweroff' };
/** Time for the answer and the first events to reach whoever asked, before apid is stopped. */
const ANNOUNCE_MS = 300;
/** What the services get when the machine is to go down whatever they do. */
const FORCED_STOP_MS = 1000;
/** A client that saw the beginning looks again after a second, and must not find the node up already. */
const HOLD_DOWN_MS = 1500;

/** What every way down begins with: from its first task on, a machined that is killed goes on with it once it is started again. */
export function downPhases(request: GoingDown): readonly Phase<Machine>[] {
  return [
    { name: 'announce', tasks: [{ name: 'storeRequest', run: (m, signal) => storeRequest(m, request, signal) }] },
    { name: 'stopServices', tasks: [{ name: 'stopAllServices', run: (m, signal) => stopAllServices(m, request, signal) }] },
    { name: 'holdDown', tasks: [{ name: 'holdDown', run: (m, signal) => m.clock.sleep(HOLD_DOWN_MS, signal) }] },
  ];
}

/** The last phase: nothing comes after it. */
export function endPhase(end: PowerEnd): Phase<Machine> {
  return { name: end, tasks: [{ name: end, run: (m, signal) => endMachine(m, end, signal) }] };
}

async function storeRequest({ status, memory, clock }: Machine, request: GoingDown, signal: AbortSignal): Promise<void> {
  await status.setStage(STAGE[request.kind]);
  await memory.update({ goingDown: request });
  await clock.sleep(ANNOUNCE_MS, signal);
}

async function stopAllServices(machine: Machine, request: GoingDown, signal: AbortSignal): Promise<void> {
  const { services, clock, streamsEnd } = machine;
  // Clients take the beginning of this task for the end of their wait; let it reach them.
  await clock.sleep(ANNOUNCE_MS, signal);
  streamsEnd.abort();
  if (request.kind !== 'reset' && request.isForced === true) await stopWhatStops(machine, signal);
  else await services.stopAll(signal);
}

/** Gives the services a moment; init ends those that are left. */
async function stopWhatStops({ services, clock }: Machine, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const until = AbortSignal.any([signal, enough.signal]);
  const stopping = services.stopAll(until).then(
    () => enough.abort(),
    () => undefined,
  );
  await clock.sleep(FORCED_STOP_MS, until).catch(() => undefined);
  enough.abort();
  await stopping;
  signal.throwIfAborted();
}

/** Tells, then ends the machine; in the ordinary case this process ends with it, and never returns from here. */
export async function endMachine(machine: Machine, end: PowerEnd, signal: AbortSignal): Promise<void> {
  const { events, supervisor, logs, recorder } = machine;
  events.publish({ kind: 'restart', event: RestartEvent.fromPartial({ cmd: LINUX_REBOOT_CMD[end] }) });
  await logs.flush();
  await recorder.end(end);
  await orAborted(supervisor.power(POWER_ACTION[end]), signal);
}
