import type { BPFInstruction } from '@minos/api/machine';
import { Fault } from '@minos/base';

/** Reads a filter as `tcpdump -dd` prints it: `{ 0x28, 0, 0, 0x0000000c },` for each instruction; throws `invalid` for anything else. */
export function parseFilter(text: string): BPFInstruction[] {
  const instructions: BPFInstruction[] = [];
  const rest = text.replaceAll(/\{\s*([^{}]*?)\s*\}\s*,?/g, (_whole, body: string) => {
    const [op, jt, jf, k, more] = body.split(/\s*,\s*/).map(readNumber);
    if (op === undefined || jt === undefined || jf === undefined || k === undefined || more !== undefined) throw wrong(body);
    instructions.push({ op, jt, jf, k });
    return '';
  });
  if (rest.trim() !== '') throw wrong(rest.trim());
  return instructions;
}

function readNumber(text: string): number {
  if (/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return Number(text);
  throw wrong(text);
}

function wrong(text: string): Fault {
  return new Fault(
    'invalid',
    `a filter is what tcpdump -dd prints, such as "{ 0x6, 0, 0, 0x40000 }", not "${text.slice(0, 40)}"`,
  );
}
