/** What /proc/<pid>/stat tells. */
export interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  readonly state: string;
  readonly parentPid: number;
  /** User and system time together, in clock ticks. */
  readonly cpuTicks: number;
  readonly threads: number;
  readonly virtualBytes: bigint;
  readonly residentPages: bigint;
}

/** Parses /proc/<pid>/stat (proc_pid_stat(5)); the command may hold blanks and parentheses. Undefined when it is no such line. Pure. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const number = (column: number): number => Number(fields[column - 3] ?? 0);
  if (fields.length < 22) return undefined;
  return {
    pid: Number(text.slice(0, open).trim()),
    command: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parentPid: number(4),
    cpuTicks: number(14) + number(15),
    threads: number(20),
    virtualBytes: BigInt(fields[20] ?? 0),
    residentPages: BigInt(fields[21] ?? 0),
  };
}
