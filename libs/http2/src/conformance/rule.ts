/** One MUST of RFC 9113 or RFC 7541, as bytes that arrive and lines of what follows. */
export interface Rule {
  /** Section of RFC 9113, or of RFC 7541 when it begins with `H`. */
  readonly section: string;
  readonly must: string;
  readonly role: 'server' | 'client';
  /** What arrives after the other end's preface and empty SETTINGS, or instead of them with `isRaw`. */
  readonly input: readonly Buffer[];
  readonly isRaw?: boolean;
  /** Lines of the transcript that must be there: `out FRAME…` was sent, `in …` was seen by the stream's owner. */
  readonly expect: readonly (string | RegExp)[];
  /** Lines that must not be there. */
  readonly never?: readonly (string | RegExp)[];
  readonly limits?: { readonly maxStreams?: number; readonly connectionWindow?: number; readonly headerListBytes?: number };
}

/** A row of a table: section, what must be, what arrives, what follows, and what else there is to say. */
type Row = readonly [
  section: string,
  must: string,
  input: readonly Buffer[],
  expect: Rule['expect'],
  more?: Partial<Pick<Rule, 'isRaw' | 'never' | 'limits'>>,
];

/** A rule for the end that accepts streams. */
export function server(...[section, must, input, expect, more]: Row): Rule {
  return { section, must, role: 'server', input, expect, ...more };
}

/** A rule for the end that opens them; it has opened 1 and 3, and sent a whole request on 3 only. */
export function client(...[section, must, input, expect, more]: Row): Rule {
  return { section, must, role: 'client', input, expect, ...more };
}

/** The connection lives on: a PING that comes last is answered. */
export const ALIVE = 'out PING ack last-one';

/** The connection ends with a code. */
export function goaway(code: number): RegExp {
  return new RegExp(`^out GOAWAY last=\\d+ code=${code}$`);
}

/** A stream is reset with a code. */
export function reset(id: number, code: number): string {
  return `out RST_STREAM ${id} code=${code}`;
}
