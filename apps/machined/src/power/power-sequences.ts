import { RestartEvent } from '@minos/api/machine';
import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { orAborted } from '@minos/base';
import type { PowerAction } from '@minos/host';
import type { Machine } from '../runtime/machine.ts';
import type { Phase, Sequence } from '../sequence/sequence.ts';

/** How the machine is asked to go down. */
export type PowerRequest = 'reboot' | 'shutdown';

/** linux/reboot.h */
const LINUX_REBOOT_CMD: Readonly<Record<PowerRequest, bigint>> = { reboot: 0x01234567n, shutdown: 0x4321fedcn };
const STAGE: Readonly<Record<PowerRequest, Stage>> = {
  reboot: Stage.MACHINE_STAGE_REBOOTING,
  shutdown: Stage.MACHINE_STAGE_SHUTTING_DOWN,
};
const POWER_ACTION: Readonly<Record<PowerRequest, PowerAction>> = { reboot: 'reboot', shutdown: 'poweroff' };
/** Time for the answer and the first events to reach whoever asked, before apid is stopped. */
const ANNOUNCE_MS = 300;
/** A client that saw the beginning looks again after a second, and must not find the node up already. */
const HOLD_DOWN_MS = 1500;

/** Stops the services and starts the machine again. */
export const REBOOT: Sequence<Machine> = {
  name: 'reboot',
  phases: [
    ...downPhases('reboot'),
    { name: 'reboot', tasks: [{ name: 'reboot', run: (m, signal) => endMachine(m, 'reboot', signal) }] },
  ],
};

/** Stops the services and turns the machine off. */
export const SHUTDOWN: Sequence<Machine> = {
  name: 'shutdown',
  phases: [
    ...downPhases('shutdown'),
    { name: 'shutdown', tasks: [{ name: 'shutdown', run: (m, signal) => endMachine(m, 'shutdown', signal) }] },
  ],
};

function downPhases(request: PowerRequest): readonly Phase<Machine>[] {
  return [
    { name: 'announce', tasks: [{ name: 'storeRequest', run: (m, signal) => storeRequest(m, request, signal) }] },
    { name: 'stopServices', tasks: [{ name: 'stopAllServices', run: stopAllServices }] },
    { name: 'holdDown', tasks: [{ name: 'holdDown', run: (m, signal) => m.clock.sleep(HOLD_DOWN_MS, signal) }] },
  ];
}

/** From here on a machined that is killed goes on with it, once it is started again. */
async function storeRequest({ status, memory, clock }: Machine, request: PowerRequest, signal: AbortSignal): Promise<void> {
  await status.setStage(STAGE[request]);
  await memory.update({ power: request });
  await clock.sleep(ANNOUNCE_MS, signal);
}

async function stopAllServices({ services, clock, streamsEnd }: Machine, signal: AbortSignal): Promise<void> {
  // Clients take the beginning of this task for the end of their wait; let it reach them.
  await clock.sleep(ANNOUNCE_MS, signal);
  streamsEnd.abort();
  await services.stopAll(signal);
}

/** Tells, then ends the machine; in the ordinary case this process ends with it, and never returns from here. */
export async function endMachine(machine: Machine, request: PowerRequest, signal: AbortSignal): Promise<void> {
  const { events, supervisor, logs, recorder } = machine;
  events.publish({ kind: 'restart', event: RestartEvent.fromPartial({ cmd: LINUX_REBOOT_CMD[request] }) });
  await logs.flush();
  await recorder.end(request);
  await orAborted(supervisor.power(POWER_ACTION[request]), signal);
}
