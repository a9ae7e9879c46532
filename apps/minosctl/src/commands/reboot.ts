import { RebootRequest_Mode } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { type PowerOptions, powerAction } from './power-action.ts';

interface Options extends PowerOptions {
  readonly mode: keyof typeof MODE;
}

const MODE = {
  default: RebootRequest_Mode.DEFAULT,
  powercycle: RebootRequest_Mode.POWERCYCLE,
  force: RebootRequest_Mode.FORCE,
} as const;

/** Restarts the nodes and waits until they are ready again. */
export const reboot: RunCommand<Options> = (call) =>
  powerAction(call, {
    until: 'rebooted',
    gets: 'restarts',
    done: 'restarted, ready',
    start: (machine, options) => machine.Reboot({ mode: MODE[call.options.mode] }, options),
  });
