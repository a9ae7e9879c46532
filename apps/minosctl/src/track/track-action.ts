import { MachineServiceDefinition } from '@minos/api/machine';
import { type Clock, Fault, hasCode, isFault } from '@minos/base';
import { type CallOptions, client } from '@minos/rpc';
import type { Terminal } from '../cli/terminal.ts';
import { askReadiness, type NodeReadiness } from '../node-call/node-readiness.ts';
import type { NodeSession } from '../node-call/session.ts';
import type { MachineClient } from '../node-call/unary-table.ts';
import { readEvent } from './read-event.ts';

/** An action that takes a node down. */
export interface TrackedAction {
  /** Done when the node runs again with another boot id, or when it has stopped all its services. */
  readonly until: 'rebooted' | 'stopped';
  start(machine: MachineClient, options: CallOptions): Promise<unknown>;
}

const RETRY_MS = 250;
/** How long a node that is going down or coming up is waited for before it is asked again. */
const SILENCE_MS = 2500;

/** Starts an action on a node and follows its events until it is done; says on the terminal how far it is. */
export async function trackAction(
  node: string,
  action: TrackedAction,
  deps: { readonly session: NodeSession; readonly terminal: Terminal; readonly timeoutMs: number },
): Promise<void> {
  const { session, terminal } = deps;
  const machine = client(session.channel, MachineServiceDefinition);
  const limit = AbortSignal.any([session.signal, AbortSignal.timeout(deps.timeoutMs)]);
  const options = { ...session.to(node), signal: limit };
  let said = '';
  const say = (text: string): void => {
    if (text === said) return;
    said = text;
    terminal.progress(`${node}: ${text}`);
  };
  const before = action.until === 'rebooted' ? await knownBootId(machine, options) : undefined;
  const watching = new AbortController();
  const signal = AbortSignal.any([limit, watching.signal]);
  const readiness = (): Promise<NodeReadiness> => askReadiness(session.channel, node, signal);
  const wait = { machine, options: { ...options, signal }, say, readiness, clock: terminal.clock };
  try {
    if (action.until === 'stopped') await startAndWaitForStop(action, wait);
    else await startAndWaitForBoot(action, wait, before);
  } catch (e) {
    if (!session.signal.aborted && limit.aborted) {
      throw new Fault(
        'deadline',
        `not done after ${Math.round(deps.timeoutMs / 1000)} s; the node may still be at it: minosctl events`,
        {},
        { cause: e },
      );
    }
    throw e;
  } finally {
    watching.abort();
  }
}

interface Wait {
  readonly machine: MachineClient;
  readonly options: CallOptions & { readonly signal: AbortSignal };
  readonly clock: Clock;
  say(text: string): void;
  readiness(): Promise<NodeReadiness>;
}

async function startAndWaitForStop(action: TrackedAction, wait: Wait): Promise<void> {
  const { machine, options, say } = wait;
  const stream = machine.Events(eventsRequest(0), options)[Symbol.asyncIterator]();
  await stream.next();
  await action.start(machine, options);
  say('asked');
  try {
    for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
      const event = readEvent(next.value);
      if (event === undefined) continue;
      say(event.text === event.source ? event.text : `${event.source}: ${event.text}`);
      if (event.name === 'TaskEvent' && event.data.task === 'stopAllServices') return;
    }
  } catch (e) {
    if (!isGone(e)) throw e;
  }
  // The connection went with the node before the event came: down is what was asked for.
}

async function startAndWaitForBoot(action: TrackedAction, wait: Wait, before: string | undefined): Promise<void> {
  const { machine, options, say, clock } = wait;
  const goingDown = followUntilGone(wait);
  await action.start(machine, options);
  say('asked to restart');
  await (before === undefined ? goingDown : Promise.race([goingDown, bootIdChanges(wait, before)]));
  for (;;) {
    try {
      const isOld = before !== undefined && (await bootIdOf(machine, { ...options, timeoutMs: SILENCE_MS })) === before;
      const found = isOld ? ({ kind: 'waiting', reason: 'going down' } as const) : await wait.readiness();
      if (found.kind === 'ready') return;
      say(found.reason);
    } catch (e) {
      if (!isGone(e)) throw e;
      say('down, waiting for it to come back');
    }
    await clock.sleep(RETRY_MS, options.signal);
  }
}

/** Follows events until the stream breaks; never rejects. */
async function followUntilGone({ machine, options, say }: Wait): Promise<void> {
  try {
    for await (const message of machine.Events(eventsRequest(0), options)) {
      const event = readEvent(message);
      if (event !== undefined) say(`${event.source}: ${event.text}`);
    }
  } catch {
    // A node that goes away is what is waited for; whether it comes back is found out by asking.
  }
}

async function bootIdChanges({ machine, options, clock }: Wait, before: string): Promise<void> {
  for (;;) {
    await clock.sleep(RETRY_MS, options.signal);
    try {
      if ((await bootIdOf(machine, { ...options, timeoutMs: SILENCE_MS })) !== before) return;
    } catch (e) {
      if (!isGone(e)) throw e;
      return;
    }
  }
}

function eventsRequest(tailEvents: number) {
  return { tailEvents, tailId: '', tailSeconds: 0, withActorId: '' };
}

/** Who may restart a node may not always read its files: then its going away is what tells. */
async function knownBootId(machine: MachineClient, options: CallOptions): Promise<string | undefined> {
  try {
    return await bootIdOf(machine, options);
  } catch (e) {
    if (isFault(e, 'denied')) return undefined;
    throw e;
  }
}

/** The id of the boot that a node is in; another one after every restart. */
export async function bootIdOf(machine: MachineClient, options: CallOptions): Promise<string> {
  const parts: Buffer[] = [];
  for await (const { bytes } of machine.Read({ path: '/proc/sys/kernel/random/boot_id' }, options)) parts.push(bytes);
  return Buffer.concat(parts).toString().trim();
}

function isGone(e: unknown): boolean {
  return ['unavailable', 'cancelled', 'deadline'].some((kind) => isFault(e) && e.kind === kind) || hasCode(e, 'ECONNREFUSED');
}
