import { aborted, isFault } from '@minos/base';
import type { KernelLogRecord } from '@minos/host';
import { kernelLine } from '../rpc/kernel/kernel-line.ts';
import type { Machine } from '../runtime/machine.ts';

/** Id of the kernel's log among those of services. */
export const KERNEL_ID = 'kernel';
/** Nothing of it is lost while the node boots: the kernel keeps it. */
const AFTER_BOOT_MS = 5000;
const LOOK_MS = 250;
const EVERY_MS = 2000;
/** Of what the kernel of a whole host said before a node in namespaces came up. */
const LINES_BEFORE = 20;
const PIECE_LINES = 200;

interface Remembered {
  /** By it the times of all lines of this boot are made, so that the same record is the same line. */
  readonly bootTimeMs: number;
  /** Records after this one belong to this boot. */
  readonly after: number;
}

interface KernelText {
  readonly sequence: number;
  readonly line: string;
}

/** Keeps the kernel's log as the log `kernel`, until aborted: it is there after the boot too. No line twice, also across starts of machined. */
export async function followKernelLog(machine: Machine, signal: AbortSignal): Promise<void> {
  const { clock, logs, memory } = machine;
  for (let ms = 0; ms < AFTER_BOOT_MS && !memory.value.isBooted; ms += LOOK_MS) await clock.sleep(LOOK_MS, signal);
  await logs.open(KERNEL_ID);
  try {
    await follow(machine, await takeUp(machine, signal), signal);
  } catch (e) {
    if (signal.aborted) return;
    if (!isFault(e, 'denied') && !isFault(e, 'unavailable')) throw e;
    machine.log.info({ reason: e.message }, 'the kernel log is not kept');
    await aborted(signal);
  }
}

interface TakenUp {
  readonly bootTimeMs: number;
  readonly sequence: number;
}

/** Appends what is there already and is not in the log yet. */
async function takeUp(machine: Machine, signal: AbortSignal): Promise<TakenUp> {
  const { host, logs, platform } = machine;
  const known = await remembered(machine);
  const bootTimeMs = known?.bootTimeMs ?? (await readBootTime(machine));
  const all: KernelText[] = [];
  for await (const record of host.kernelLog.records({ follow: false, tail: false }, signal)) all.push(textOf(record, bootTimeMs));
  const newest = all.at(-1)?.sequence ?? -1;
  let wanted: readonly KernelText[] = all;
  if (known !== undefined) {
    const ofThisBoot = all.filter(({ sequence }) => sequence > known.after);
    const last = logs.lastLine(KERNEL_ID);
    wanted = ofThisBoot.slice(ofThisBoot.findLastIndex(({ line }) => line === last) + 1);
  } else if (platform === 'container') wanted = all.slice(-LINES_BEFORE);
  if (known === undefined) await remember(machine, { bootTimeMs, after: (wanted[0]?.sequence ?? newest + 1) - 1 });
  for (let i = 0; i < wanted.length; i += PIECE_LINES) {
    const piece = wanted.slice(i, i + PIECE_LINES).map(({ line }) => line);
    await logs.append(KERNEL_ID, Buffer.from(piece.join('')));
  }
  return { bootTimeMs, sequence: newest };
}

async function follow({ host, logs }: Machine, { bootTimeMs, sequence }: TakenUp, signal: AbortSignal): Promise<void> {
  const options = { follow: true, tail: false, everyMs: EVERY_MS };
  for await (const record of host.kernelLog.records(options, signal)) {
    if (Number(record.sequence) > sequence) await logs.append(KERNEL_ID, Buffer.from(kernelLine(record, bootTimeMs)));
  }
}

function textOf(record: KernelLogRecord, bootTimeMs: number): KernelText {
  return { sequence: Number(record.sequence), line: kernelLine(record, bootTimeMs) };
}

async function readBootTime({ clock, host: { files } }: Machine): Promise<number> {
  const uptime = Number.parseFloat(await files.readText('/proc/uptime'));
  return Math.round(clock.now() - (Number.isFinite(uptime) ? uptime * 1000 : 0));
}

/** What an earlier machined of this boot noted; nothing when it cannot be read. */
async function remembered({ host: { files }, paths }: Machine): Promise<Remembered | undefined> {
  try {
    const raw: unknown = JSON.parse(await files.readText(paths.kernelLogFile));
    if (typeof raw !== 'object' || raw === null || !('bootTimeMs' in raw) || !('after' in raw)) return undefined;
    const { bootTimeMs, after } = raw;
    return typeof bootTimeMs === 'number' && typeof after === 'number' ? { bootTimeMs, after } : undefined;
  } catch {
    return undefined;
  }
}

function remember({ host: { files }, paths }: Machine, what: Remembered): Promise<void> {
  return files.write(paths.kernelLogFile, JSON.stringify(what), { mode: 0o600, atomic: true });
}
