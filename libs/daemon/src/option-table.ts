/** One option of a program: `--name value`, or `--name` alone for a flag. */
export type Option =
  | { readonly kind: 'text'; readonly default: string | undefined; readonly help: string; readonly value?: string }
  | { readonly kind: 'number'; readonly default: number | undefined; readonly help: string; readonly value?: string }
  | { readonly kind: 'list'; readonly default: readonly string[]; readonly help: string; readonly value?: string }
  | { readonly kind: 'flag'; readonly default: false; readonly help: string };

/** The options of a program by their camelCase names; `listenPort` is `--listen-port` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** One variable of the environment that a program reads. */
export interface Variable {
  readonly default: string | undefined;
  readonly help: string;
}

/** The variables of the environment that a program reads; it sees no others. */
export type VariableTable = Readonly<Record<string, Variable>>;

type Missing<D> = undefined extends D ? undefined : never;

type ValueOf<O extends Option> = O['kind'] extends 'flag'
  ? boolean
  : O['kind'] extends 'number'
    ? number | Missing<O['default']>
    : O['kind'] extends 'list'
      ? readonly string[]
      : string | Missing<O['default']>;

/** The parsed options, total: each has a value or the default from its table. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** The declared variables, total likewise. */
export type VariableValues<T extends VariableTable> = { readonly [K in keyof T]: string | Missing<T[K]['default']> };
