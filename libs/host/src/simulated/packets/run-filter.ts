import { Fault } from '@minos/base';
import type { BpfStep } from '../../port/packets.ts';

const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, ret: 6, misc: 7 } as const;
const SOURCE_X = 0x08;
const MODE = { immediate: 0x00, absolute: 0x20, indirect: 0x40, memory: 0x60, length: 0x80, header: 0xa0 } as const;
const SIZE_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 0: 4, 8: 2, 16: 1 };
const MEMORY_WORDS = 16;
const MOST_STEPS = 4096;

/** Throws `invalid` when this is no program: empty, too long, jumping out of itself, or without an end (as bpf_check_classic). */
export function checkFilter(program: readonly BpfStep[]): void {
  const isJumpWrong = ({ op, jt, jf, k }: BpfStep, i: number): boolean =>
    (op & 7) === CLASS.jmp && ((op & 0xf0) === 0 ? i + 1 + k : i + 1 + Math.max(jt, jf)) >= program.length;
  const isWrong =
    program.length > MOST_STEPS ||
    ((program.at(-1)?.op ?? 0) & 7) !== CLASS.ret ||
    program.some((step, i) => step.op > 0xff || isJumpWrong(step, i));
  if (isWrong) throw new Fault('invalid', 'the filter is no program that the kernel takes');
}

interface Machine {
  a: number;
  x: number;
  readonly memory: number[];
}

/** How many bytes of a packet a checked program lets through; 0 for none (Documentation/networking/filter.rst). Pure. */
export function runFilter(program: readonly BpfStep[], packet: Buffer): number {
  const machine: Machine = { a: 0, x: 0, memory: new Array<number>(MEMORY_WORDS).fill(0) };
  for (let at = 0; at < program.length; at++) {
    const step = program[at];
    if (step === undefined) return 0;
    const kind = step.op & 7;
    if (kind === CLASS.ret) return (step.op & 0x18) === 0x10 ? machine.a : step.k;
    if (kind === CLASS.jmp) at += jump(step, machine);
    else if (!execute(step, machine, packet)) return 0;
  }
  return 0;
}

/** False when the program reads beyond the packet, or divides by zero: then nothing passes. */
function execute(step: BpfStep, machine: Machine, packet: Buffer): boolean {
  const { op, k } = step;
  const kind = op & 7;
  if (kind === CLASS.st) machine.memory[k] = machine.a;
  else if (kind === CLASS.stx) machine.memory[k] = machine.x;
  else if (kind === CLASS.misc) {
    if ((op & 0x80) === 0) machine.x = machine.a;
    else machine.a = machine.x;
  } else {
    const value = kind === CLASS.alu ? calculate(step, machine) : load(step, machine, packet);
    if (value === undefined) return false;
    if (kind === CLASS.ldx) machine.x = value;
    else machine.a = value;
  }
  return true;
}

function load({ op, k }: BpfStep, { x, memory }: Machine, packet: Buffer): number | undefined {
  const mode = op & 0xe0;
  if (mode === MODE.immediate) return k;
  if (mode === MODE.memory) return memory[k];
  if (mode === MODE.length) return packet.length;
  if (mode === MODE.header) return k < packet.length ? ((packet[k] ?? 0) & 0xf) * 4 : undefined;
  const bytes = SIZE_BYTES[op & 0x18];
  const at = mode === MODE.indirect ? x + k : k;
  return bytes === undefined || at + bytes > packet.length ? undefined : packet.readUIntBE(at, bytes);
}

const ALU: Readonly<Record<number, (a: number, b: number) => number | undefined>> = {
  0: (a, b) => a + b,
  16: (a, b) => a - b,
  32: (a, b) => Math.imul(a, b),
  48: (a, b) => (b === 0 ? undefined : Math.floor(a / b)),
  64: (a, b) => a | b,
  80: (a, b) => a & b,
  96: (a, b) => a << b,
  112: (a, b) => a >>> b,
  128: (a) => -a,
  144: (a, b) => (b === 0 ? undefined : a % b),
  160: (a, b) => a ^ b,
};

function calculate({ op, k }: BpfStep, { a, x }: Machine): number | undefined {
  const value = ALU[op & 0xf0]?.(a, (op & SOURCE_X) === 0 ? k : x);
  return value === undefined ? undefined : value >>> 0;
}

const JUMPS: Readonly<Record<number, (a: number, b: number) => boolean>> = {
  16: (a, b) => a === b,
  32: (a, b) => a > b,
  48: (a, b) => a >= b,
  64: (a, b) => (a & b) !== 0,
};

function jump({ op, jt, jf, k }: BpfStep, { a, x }: Machine): number {
  const holds = JUMPS[op & 0xf0];
  if (holds === undefined) return k;
  return holds(a, (op & SOURCE_X) === 0 ? k : x) ? jt : jf;
}
