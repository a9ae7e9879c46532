import { parseArgs } from 'node:util';
import { Fault, messageOf } from '@minos/base';

/** What `npm run fuzz` was asked for. */
export interface FuzzCommand {
  /** Names of targets; all when empty. */
  readonly names: readonly string[];
  /** How long each target runs. */
  readonly seconds: number;
  readonly seed: number;
  /** The one input to try again. */
  readonly run: number | undefined;
}

/** Reads the words behind `npm run fuzz --`; throws `invalid` for what it does not know. A seed that is not given is `freshSeed`. */
export function parseFuzzCommand(args: readonly string[], freshSeed: number): FuzzCommand {
  const options = { seconds: { type: 'string' }, seed: { type: 'string' }, run: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return {
      names: positionals,
      seconds: numberOf('seconds', values.seconds) ?? 60,
      seed: numberOf('seed', values.seed) ?? freshSeed,
      run: numberOf('run', values.run),
    };
  } catch (e) {
    throw new Fault(
      'invalid',
      `${messageOf(e)}; usage: npm run fuzz -- [target…] [--seconds N] [--seed S] [--run R]`,
      {},
      { cause: e },
    );
  }
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Fault('invalid', `--${name} is a whole number, not ${text}`);
  return Number(text);
}
