import { NetDev } from '@minos/api/machine';
import { count, words } from './count.ts';

const COLUMNS = [
  'rxBytes',
  'rxPackets',
  'rxErrors',
  'rxDropped',
  'rxFifo',
  'rxFrame',
  'rxCompressed',
  'rxMulticast',
  'txBytes',
  'txPackets',
  'txErrors',
  'txDropped',
  'txFifo',
  'txCollisions',
  'txCarrier',
  'txCompressed',
] as const satisfies readonly (keyof NetDev)[];

/** Parses /proc/net/dev (proc_pid_net(5)), one message a device. Pure. */
export function parseNetworkDevices(text: string): NetDev[] {
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const colon = line.lastIndexOf(':');
      const values = words(line.slice(colon + 1)).map(count);
      return NetDev.fromPartial({
        name: line.slice(0, colon).trim(),
        ...Object.fromEntries(COLUMNS.map((column, i) => [column, values[i] ?? 0n])),
      });
    });
}
