import { constants } from 'node:os';
import { type FaultKind, type Parsed, parsed, problem } from '@minos/base';
import type { Exit, PowerAction, SpawnSpec, SupervisedProcess, SupervisorEvent } from '../../port/supervisor.ts';
import { capabilityMask } from './capability-mask.ts';
import { WireReader, WireWriter } from './wire.ts';

/** The version of the protocol with init; both sides must have the same. */
export const PROTOCOL_VERSION = 1;

/** Request types, first byte after the length word. */
export const ASK = { hello: 0x01, list: 0x02, spawn: 0x03, signal: 0x04, ack: 0x05, ready: 0x06, power: 0x07 } as const;

/** Answer and event types. */
export const SAY = {
  hello: 0x81,
  process: 0x82,
  done: 0x83,
  signalled: 0x84,
  error: 0x85,
  readyEvent: 0x91,
  exitedEvent: 0x92,
  unmetEvent: 0x93,
  stopEvent: 0x94,
} as const;

/** What init sends: answers carry the number of the request that they belong to. */
export type InitMessage =
  | { readonly kind: 'hello'; readonly request: number; readonly version: number; readonly machinedStarts: number }
  | { readonly kind: 'process'; readonly request: number; readonly process: SupervisedProcess }
  | { readonly kind: 'done'; readonly request: number }
  | { readonly kind: 'signalled'; readonly request: number; readonly isSent: boolean }
  | { readonly kind: 'error'; readonly request: number; readonly fault: FaultKind; readonly text: string }
  | { readonly kind: 'events'; readonly events: readonly SupervisorEvent[] };

const POWER: Record<PowerAction, number> = { reboot: 1, poweroff: 2, halt: 3 };
const FAULTS: Readonly<Record<number, FaultKind>> = { 1: 'invalid', 2: 'exists', 3: 'exhausted', 4: 'internal' };
const OOM_UNSET = 0x8000_0000;
const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** A request without a body. */
export function encodePlain(type: typeof ASK.list | typeof ASK.ready, request: number): Buffer {
  return new WireWriter(type, request).finish();
}

export function encodeHello(request: number): Buffer {
  return new WireWriter(ASK.hello, request).uint(PROTOCOL_VERSION, 2).finish();
}

/** Throws `invalid` for an unknown capability, a number out of range or a request that is too long. */
export function encodeSpawn(request: number, spec: SpawnSpec): Buffer {
  const frame = new WireWriter(ASK.spawn, request)
    .text(spec.id)
    .uint(spec.uid, 4)
    .uint(spec.gid, 4)
    .uint64(capabilityMask(spec.capabilities))
    .uint(spec.cgroup?.demand === 'required' ? 1 : 0, 1)
    .uint(spec.noFile ?? 0, 4)
    .uint(spec.oomScoreAdj === undefined ? OOM_UNSET : spec.oomScoreAdj >>> 0, 4)
    .text(spec.cgroup?.path ?? '')
    .uint(spec.groups.length, 2);
  for (const group of spec.groups) frame.uint(group, 4);
  return frame
    .texts(spec.argv)
    .texts(Object.entries(spec.env).map(([name, value]) => `${name}=${value}`))
    .finish();
}

export function encodeSignal(
  request: number,
  id: string,
  options: { readonly signal: number; readonly isGroup: boolean },
): Buffer {
  return new WireWriter(ASK.signal, request)
    .text(id)
    .uint(options.signal, 1)
    .uint(options.isGroup ? 1 : 0, 1)
    .finish();
}

export function encodeAck(request: number, id: string, generation: number): Buffer {
  return new WireWriter(ASK.ack, request).text(id).uint64(BigInt(generation)).finish();
}

export function encodePower(request: number, action: PowerAction): Buffer {
  return new WireWriter(ASK.power, request).uint(POWER[action], 1).finish();
}

/** Parses one frame (without its length word) from init. */
export function decodeInitMessage(frame: Buffer): Parsed<InitMessage> {
  const reader = new WireReader(frame);
  const type = reader.uint(1);
  const message = decodeBody(type, reader.uint(4), reader);
  if (message === undefined || !reader.isAtEnd)
    return problem('', 'a frame of protocol v1', `type ${type}, ${frame.length} bytes`);
  return parsed(message);
}

function decodeBody(type: number, request: number, reader: WireReader): InitMessage | undefined {
  switch (type) {
    case SAY.hello:
      return { kind: 'hello', request, version: reader.uint(2), machinedStarts: reader.uint(4) };
    case SAY.process:
      return { kind: 'process', request, process: readProcess(reader) };
    case SAY.done:
      return { kind: 'done', request };
    case SAY.signalled:
      return { kind: 'signalled', request, isSent: reader.uint(1) !== 0 };
    case SAY.error:
      return { kind: 'error', request, fault: FAULTS[reader.uint(1)] ?? 'unknown', text: reader.text() };
    default: {
      const events = readEvents(type, reader);
      return events && { kind: 'events', events };
    }
  }
}

function readEvents(type: number, reader: WireReader): readonly SupervisorEvent[] | undefined {
  if (type === SAY.stopEvent) {
    const code = reader.uint(1);
    const action = code === 1 ? 'reboot' : code === 2 ? 'poweroff' : code === 3 ? 'halt' : undefined;
    return action && [{ kind: 'stop-requested', action }];
  }
  const name = { id: reader.text(), generation: Number(reader.uint64()) };
  if (type === SAY.readyEvent) return [{ kind: 'ready', ...name }];
  if (type === SAY.unmetEvent) return lines(reader.text()).map((text) => ({ kind: 'unmet', ...name, problem: text }));
  if (type !== SAY.exitedEvent) return undefined;
  const pid = reader.uint(4);
  const exit = readExit(reader);
  return exit && [{ kind: 'exited', ...name, pid, exit }];
}

function readProcess(reader: WireReader): SupervisedProcess {
  return {
    id: reader.text(),
    generation: Number(reader.uint64()),
    pid: reader.uint(4),
    startedMs: Number(reader.uint64()),
    isReady: reader.uint(1) !== 0,
    exit: readExit(reader),
    unmet: lines(reader.text()),
  };
}

function readExit(reader: WireReader): Exit | undefined {
  const kind = reader.uint(1);
  const code = reader.uint(1);
  const coreDumped = reader.uint(1) !== 0;
  if (kind === 1) return { kind: 'exited', code };
  if (kind === 2) return { kind: 'signalled', signal: SIGNAL_NAMES.get(code) ?? `SIG${code}`, coreDumped };
  return undefined;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
