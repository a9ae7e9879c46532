/** One record of the kernel's log. */
export interface KernelLogRecord {
  readonly sequence: bigint;
  readonly facility: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number;
  /** Microseconds since boot. */
  readonly sinceBootUs: bigint;
  readonly message: string;
}

/** The kernel's log, /dev/kmsg. */
export interface KernelLog {
  /** Records from the oldest kept (`tail` false) or from now on; ends at the newest unless it follows: then it looks every `everyMs` (100). A gap in `sequence` means that records were overwritten. */
  records(
    options: { readonly follow: boolean; readonly tail: boolean; readonly everyMs?: number },
    signal: AbortSignal,
  ): AsyncIterable<KernelLogRecord>;
  /** Writes one line; best effort. */
  write(severity: number, message: string): Promise<void>;
}
