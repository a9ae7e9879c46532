import { type FaultKind, isFault, messageOf } from '@minos/base';
import type { ExitCode } from '../cli/command.ts';
import type { Terminal } from '../cli/terminal.ts';
import { printable } from '../output/table.ts';

/** What went wrong on one node. */
export interface NodeFailure {
  readonly node: string;
  readonly error: unknown;
}

const NEXT: { readonly [K in FaultKind]?: string } = {
  unavailable: 'see whether the node is up: minosctl cluster show; a node that restarts answers again by itself',
  deadline: 'the node or one on the way is silent; see whether it is up: minosctl cluster show',
  unauthenticated: 'the certificate of this context is not one that the node takes: minosctl config info shows its validity',
  unimplemented: 'this version of the node cannot do that: minosctl version shows what it runs',
  exhausted: 'ask for less, or again more slowly',
};

/** Errors whose text says more than their kind. */
const NEXT_FOR_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^not authorized$/, 'the certificate of this context has too small a role for that: minosctl config info shows its roles'],
  [
    /^no request forwarding$/,
    'this endpoint answers only for itself, as workers do; go through a control plane: -e <control plane>',
  ],
  [/^log ".*" was not registered$/, 'minosctl services lists what has a log'],
  [/Name resolution failed|getaddrinfo/, 'nobody knows that name; use an address, or look for a mistake: minosctl config info'],
  [
    /^no connection: .*(ECONNRESET|Failed to connect)/,
    'the server takes no certificate like that of this context: minosctl config info',
  ],
  [
    /self-signed certificate|unable to (verify|get)|does not match certificate|the fingerprint .* not one of/,
    'the server is not one that this context knows; a node that never joined logs its fingerprint: -e <node> -n <node> --cert-fingerprint <fingerprint>',
  ],
];

/** One node's error as it is shown: who, what, and what to do next where that is known; pure. */
export function failureLines(failure: NodeFailure, next?: string): string[] {
  const { error } = failure;
  const kind = isFault(error) ? error.kind : 'unknown';
  const text = messageOf(error);
  const hint = next ?? NEXT_FOR_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? NEXT[kind];
  const line = `error from node ${failure.node}: ${printable(text)} (${kind})`;
  return hint === undefined ? [line] : [line, `  next: ${hint}`];
}

/** Prints every failure and gives the exit code that they make. */
export function reportFailures(terminal: Terminal, failures: readonly NodeFailure[]): ExitCode {
  for (const failure of failures) for (const line of failureLines(failure)) terminal.complain(line);
  return failures.length === 0 ? 0 : 1;
}
