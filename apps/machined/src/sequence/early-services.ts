import { messageOf } from '@minos/base';
import { limitServices } from '../cgroup/limit-services.ts';
import type { Machine } from '../runtime/machine.ts';
import { EARLY_SERVICES } from '../runtime/service-list.ts';

/**
 * Takes over the services that no configuration can leave out, which init has started before machined, or starts them: while machined
 * reads what the node is to be, their programs are loaded. Only in the first start of machined after the kernel's: later the kernel has
 * what networkd made, and networkd would take it away before the state says again that it is wanted. Resolves when init has been asked,
 * or could not be.
 */
export async function startEarlyServices(machine: Machine, signal: AbortSignal): Promise<void> {
  const { services, definitions, memory, supervisor, mayMount, log } = machine;
  if (!isFirstStart({ supervisor }) || memory.value.goingDown !== undefined) return;
  if (mayMount) await limitServices(machine);
  const wanted = EARLY_SERVICES.filter((id) => !memory.value.stopped.includes(id));
  for (const id of wanted) services.load(definitions[id]);
  // Those that run already wait for their sockets. What cannot be prepared is tried again as every service is, and told; machined goes on.
  await Promise.all(
    wanted.map((id) =>
      definitions[id].prepare(signal).catch((e: unknown) => {
        log.warn({ service: id, err: messageOf(e) }, 'a service cannot be prepared yet');
      }),
    ),
  );
  services.start(...wanted);
  await Promise.all(wanted.map((id) => services.untilTried(id, signal)));
}

/** Whether this machined is the first since the kernel started. */
export function isFirstStart({ supervisor }: Pick<Machine, 'supervisor'>): boolean {
  return supervisor.machinedStarts === 1;
}
