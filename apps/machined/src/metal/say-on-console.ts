import type { Host } from '@minos/host';

/** KERN_NOTICE. */
const NOTICE = 5;

/** One line on the console of a machine of its own, through the kernel's log; best effort. */
export function sayOnConsole({ kernelLog }: Pick<Host, 'kernelLog'>, line: string): Promise<void> {
  return kernelLog.write(NOTICE, `[minos] ${line}`);
}
