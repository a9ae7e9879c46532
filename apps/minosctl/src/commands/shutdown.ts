import type { RunCommand } from '../cli/command.ts';
import { type PowerOptions, powerAction } from './power-action.ts';

interface Options extends PowerOptions {
  readonly force: boolean;
}

/** Takes the nodes down and waits until they have stopped their services. */
export const shutdown: RunCommand<Options> = (call) =>
  powerAction(call, {
    until: 'stopped',
    done: 'down',
    start: (machine, options) => machine.Shutdown({ force: call.options.force }, options),
  });
