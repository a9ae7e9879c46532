import type { RunCommand } from '../cli/command.ts';
import { type PowerOptions, powerAction } from './power-action.ts';

/** Takes the nodes down and waits until they have stopped their services. */
export const shutdown: RunCommand<PowerOptions> = (call) =>
  powerAction(call, {
    until: 'stopped',
    gets: 'goes down, and stays down',
    done: 'down',
    start: (machine, options) => machine.Shutdown({ force: call.options.force }, options),
  });
