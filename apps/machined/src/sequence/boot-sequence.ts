import { networkStatusType } from '@minos/resource';
import { resourceCondition } from '../condition/condition.ts';
import { mayHaveDashboard, startDashboard } from '../dashboard/dashboard-service.ts';
import { isControlPlane } from '../node-config/is-control-plane.ts';
import type { DaemonName } from '../runtime/daemon-access.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence, Task } from './sequence.ts';

const NETWORK_PATIENCE_MS = 30_000;
const API_PATIENCE_MS = 10_000;

/** Starts what the configuration asks for. */
export const BOOT: Sequence<Machine> = {
  name: 'boot',
  phases: [
    { name: 'network', tasks: [startTask('networkd'), { name: 'waitForNetwork', run: waitForNetwork }] },
    { name: 'api', tasks: [startTask('apid'), { name: 'waitForApi', run: waitForApi }] },
    { name: 'trust', isNeeded: isControlPlane, tasks: [startTask('trustd')] },
    { name: 'ready', tasks: [{ name: 'waitForServices', run: waitForServices }] },
    { name: 'dashboard', isNeeded: mayHaveDashboard, tasks: [{ name: 'startDashboard', run: startDashboard }] },
  ],
};

function startTask(id: DaemonName): Task<Machine> {
  return {
    name: `start${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    run: async ({ services, memory }) => {
      if (!memory.value.stopped.includes(id)) services.start(id);
    },
  };
}

/** Waits for address and host name, but not for ever: the rest may help to find out why they do not come. */
async function waitForNetwork({ state, clock, log }: Machine, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const isMet = (status: { addressReady: boolean; hostnameReady: boolean }): boolean =>
    status.addressReady && status.hostnameReady;
  const condition = resourceCondition({ state, type: networkStatusType, id: 'status', description: 'network', isMet });
  try {
    const first = await Promise.race([
      condition.wait(until).then(() => 'ready'),
      clock.sleep(NETWORK_PATIENCE_MS, until).then(() => 'late'),
    ]);
    if (first === 'late') log.warn({ patienceMs: NETWORK_PATIENCE_MS }, 'the network is not ready; going on without it');
  } finally {
    stop.abort();
  }
}

/** On a slow machine trustd would take from apid what it needs to answer for the first time; joining nodes can wait a moment longer. */
async function waitForApi({ services, platform, memory, clock }: Machine, signal: AbortSignal): Promise<void> {
  if (platform !== 'metal' || memory.value.stopped.includes('apid')) return;
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  try {
    await Promise.race([services.untilUp('apid', until), clock.sleep(API_PATIENCE_MS, until)]);
  } finally {
    stop.abort();
  }
}

async function waitForServices({ services, memory }: Machine, signal: AbortSignal): Promise<void> {
  const wanted = services.list().filter(({ id, state }) => !memory.value.stopped.includes(id) && state !== 'failed');
  await Promise.all(wanted.map(({ id }) => services.untilUp(id, signal)));
}
