import { execFile } from 'node:child_process';
import { type Measurement, median } from './measurement.ts';

const TIMES = 9;

function timeOf(program: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    execFile(program, args, (error) => {
      if (error === null) resolve(performance.now() - started);
      else reject(error);
    });
  });
}

/** How long the command line takes to say what it can do, beside a Node that does nothing. */
export const cliHelp: Measurement = {
  name: 'minosctl --help',
  run: async ({ node, minosctl }) => {
    const empty = await median(TIMES, () => timeOf(node, ['-e', '0']));
    const help = await median(TIMES, () => minosctl(['--help']));
    return [
      { name: 'minosctl --help', value: Math.round(help), unit: 'ms', atMost: 300 },
      { name: 'minosctl --help / an empty Node', value: Number((help / empty).toFixed(2)), unit: '×' },
    ];
  },
};
