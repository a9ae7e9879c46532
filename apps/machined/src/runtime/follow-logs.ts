import { aborted } from '@minos/base';
import type { Machine } from './machine.ts';

const OWN_ID = 'machined';

/** Reads the output of machined and of every service as soon as it has some, until aborted. */
export async function followLogs(machine: Machine, signal: AbortSignal): Promise<void> {
  const { logs, services, supervisor } = machine;
  const following = new Map<string, Promise<void>>();
  const follow = (id: string): void => {
    if (!following.has(id)) following.set(id, logs.follow(id, supervisor.logFifo(id), signal));
  };
  if (machine.ownLines === undefined) follow(OWN_ID);
  else following.set(OWN_ID, takeOwnLines(machine, machine.ownLines, signal));
  while (!signal.aborted) {
    // init makes the FIFO with the first start of a service.
    for (const { id, pid } of services.list()) if (pid !== undefined) follow(id);
    await services.untilChange(signal);
  }
  await Promise.all(following.values());
}

async function takeOwnLines(machine: Machine, lines: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  const { logs } = machine;
  await logs.open(OWN_ID);
  const reader = lines[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const next = await Promise.race([reader.next(), aborted(signal)]);
    if (next === undefined || next.done === true) return;
    await logs.append(OWN_ID, next.value);
  }
}
