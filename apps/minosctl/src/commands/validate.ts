import { Fault, formatProblems } from '@minos/base';
import { NODE_MODES, parseMachineConfig, validateMode } from '@minos/config';
import type { RunCommand } from '../cli/command.ts';
import { readTextFile } from '../client-config/read-text-file.ts';

interface Options {
  readonly config: string;
  readonly mode: string;
  readonly strict: boolean;
}

/** Says whether a configuration in a file is right for where it is to run; no node is asked. */
export const validate: RunCommand<Options> = async ({ options, terminal }) => {
  const mode = NODE_MODES.find((known) => known === options.mode);
  if (mode === undefined) throw new Fault('invalid', `--mode is one of ${NODE_MODES.join(', ')}, not "${options.mode}"`);
  const parsed = parseMachineConfig(await readTextFile(options.config, terminal));
  const warnings = parsed.ok ? parsed.value.warnings.map((w) => ({ ...w, path: `warning: ${w.path}` })) : [];
  const problems = parsed.ok ? validateMode(parsed.value, mode) : parsed.problems;
  const errors = options.strict ? [...problems, ...warnings] : problems;
  if (warnings.length > 0 && !options.strict) terminal.complain(formatProblems(warnings));
  if (errors.length > 0)
    throw new Fault('invalid', `${options.config} is not valid for ${mode} mode:\n${formatProblems(errors)}`);
  await terminal.out(`${options.config} is valid for ${mode} mode\n`);
  return 0;
};
