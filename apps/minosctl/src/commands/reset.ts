import { ResetRequest, ResetRequest_WipeMode } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { type PowerOptions, powerAction } from './power-action.ts';

interface Options extends PowerOptions {
  readonly graceful: boolean;
  readonly reboot: boolean;
  readonly 'system-labels-to-wipe': readonly string[];
  readonly 'user-disks-to-wipe': readonly string[];
  readonly 'wipe-mode': keyof typeof MODE;
}

const MODE = {
  all: ResetRequest_WipeMode.ALL,
  'system-disk': ResetRequest_WipeMode.SYSTEM_DISK,
  'user-disks': ResetRequest_WipeMode.USER_DISKS,
} as const;

/** Wipes the nodes and takes them down; done when they have stopped all services, as none may come back with the same identity. */
export const reset: RunCommand<Options> = (call) => {
  const { graceful, reboot, ...options } = call.options;
  const request = ResetRequest.fromPartial({
    graceful,
    reboot,
    systemPartitionsToWipe: options['system-labels-to-wipe'].map((label) => ({ label, wipe: true })),
    userDisksToWipe: [...options['user-disks-to-wipe']],
    mode: MODE[options['wipe-mode']],
  });
  return powerAction(call, {
    until: 'stopped',
    gets: reboot ? 'is wiped, and starts again' : 'is wiped, and goes down',
    done: reboot ? 'wiped, starting again' : 'wiped and down',
    start: (machine, to) => machine.Reset(request, to),
  });
};
