import type { KernelLogRecord } from '../../port/kernel-log.ts';

const RECORD = /^(\d+),(\d+),(\d+),[^;]*;([^\n]*)/;
const ESCAPE = /((?:\\x[0-9a-f]{2})+)/gi;

/** Parses one record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg): its message without the dictionary that may follow; undefined when it is none. */
export function parseKernelRecord(text: string): KernelLogRecord | undefined {
  const [, priority, sequence, sinceBootUs, message] = RECORD.exec(text) ?? [];
  if (priority === undefined || sequence === undefined || sinceBootUs === undefined || message === undefined) return undefined;
  return {
    sequence: BigInt(sequence),
    facility: Number(priority) >> 3,
    severity: Number(priority) & 7,
    sinceBootUs: BigInt(sinceBootUs),
    message: message.replace(ESCAPE, unescaped),
  };
}

/** The kernel escapes each byte that is not printable ASCII; neighbours may be one UTF-8 character. */
function unescaped(run: string): string {
  return Buffer.from(run.replaceAll('\\x', ''), 'hex').toString();
}
