interface OptionBase {
  /** One letter, used as `-x`. */
  readonly short?: string;
  /** What it does, in one line. */
  readonly summary: string;
}

/** An option that is there or not: `--follow`, `--wait=false`. */
export interface FlagOption extends OptionBase {
  readonly kind: 'flag';
  readonly initial: boolean;
}

/** An option with one text. */
export interface TextOption extends OptionBase {
  readonly kind: 'text';
  readonly placeholder: string;
}

/** An option with one text that has a value also when it is not given. */
export interface DefaultTextOption extends OptionBase {
  readonly kind: 'default-text';
  readonly placeholder: string;
  readonly initial: string;
}

/** An option with one text without which the command cannot run. */
export interface RequiredTextOption extends OptionBase {
  readonly kind: 'required-text';
  readonly placeholder: string;
}

/** An option with a whole number. */
export interface NumberOption extends OptionBase {
  readonly kind: 'number';
  readonly placeholder: string;
  readonly initial: number;
}

/** An option that may be repeated and takes several values separated by commas. */
export interface ListOption extends OptionBase {
  readonly kind: 'list';
  readonly placeholder: string;
  /** False: a value is taken whole, commas included. */
  readonly isSplit: boolean;
}

/** An option with one of a few words. */
export interface ChoiceOption<C extends string = string> extends OptionBase {
  readonly kind: 'choice';
  readonly choices: readonly C[];
  readonly initial: C;
}

/** Any option of a command. */
export type OptionSpec =
  | FlagOption
  | TextOption
  | DefaultTextOption
  | RequiredTextOption
  | NumberOption
  | ListOption
  | ChoiceOption;

/** The options of a command by their long names. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What an option holds once parsed. */
export type OptionValue<S extends OptionSpec> = S extends FlagOption
  ? boolean
  : S extends RequiredTextOption | DefaultTextOption
    ? string
    : S extends TextOption
      ? string | undefined
      : S extends NumberOption
        ? number
        : S extends ListOption
          ? readonly string[]
          : S extends ChoiceOption<infer C>
            ? C
            : never;

/** What all options of a command hold once parsed; every one has a value. */
export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]: OptionValue<O[K]> };

type Details = { readonly short?: string };

/** Makes a flag that is off unless given. */
export function flag(summary: string, details: Details & { readonly initial?: boolean } = {}): FlagOption {
  return { kind: 'flag', summary, initial: false, ...details };
}

/** Makes an option with one text, undefined when it is not given. */
export function text(placeholder: string, summary: string, details: Details = {}): TextOption {
  return { kind: 'text', placeholder, summary, ...details };
}

/** Makes an option with one text and what it is when not given. */
export function defaultText(placeholder: string, initial: string, summary: string, details: Details = {}): DefaultTextOption {
  return { kind: 'default-text', placeholder, initial, summary, ...details };
}

/** Makes an option with one text that must be given. */
export function requiredText(placeholder: string, summary: string, details: Details = {}): RequiredTextOption {
  return { kind: 'required-text', placeholder, summary, ...details };
}

/** Makes an option with a whole number. */
export function number(placeholder: string, initial: number, summary: string, details: Details = {}): NumberOption {
  return { kind: 'number', placeholder, initial, summary, ...details };
}

/** Makes an option with several values: repeated, or separated by commas. */
export function list(placeholder: string, summary: string, details: Details = {}): ListOption {
  return { kind: 'list', placeholder, summary, isSplit: true, ...details };
}

/** Makes an option that may be repeated and whose values are taken whole. */
export function repeated(placeholder: string, summary: string, details: Details = {}): ListOption {
  return { kind: 'list', placeholder, summary, isSplit: false, ...details };
}

/** Makes an option with one of a few words, the first being what it is when not given. */
export function choice<const C extends string>(
  choices: readonly [C, ...C[]],
  summary: string,
  details: Details = {},
): ChoiceOption<C> {
  return { kind: 'choice', choices, initial: choices[0], summary, ...details };
}
