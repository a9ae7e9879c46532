import type { OptionTable, VariableTable } from './option-table.ts';
import { optionFlag } from './parse-options.ts';

/** What `--help` prints; pure. */
export function helpText(program: {
  readonly name: string;
  readonly description: string;
  readonly options: OptionTable;
  readonly environment: VariableTable;
}): string {
  const options = Object.entries(program.options).map(([name, option]) => {
    const value = option.kind === 'flag' ? '' : ` <${option.value ?? option.kind}>`;
    return [`--${optionFlag(name)}${value}`, option.help + defaultNote(option.default)] as const;
  });
  const variables = Object.entries(program.environment).map(
    ([name, variable]) => [name, variable.help + defaultNote(variable.default)] as const,
  );
  return [
    `Usage: ${program.name} [options]`,
    '',
    program.description,
    ...section('Options', options),
    ...section('Environment', variables),
    '',
    'Exit codes: 0 asked to stop, 100 the configuration is wrong, 111 something outside failed.',
    '',
  ].join('\n');
}

function defaultNote(value: string | number | boolean | readonly string[] | undefined): string {
  if (value === undefined || value === false || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return ` (default: ${Array.isArray(value) ? value.join(', ') : String(value)})`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([left]) => left.length));
  return ['', `${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)];
}
