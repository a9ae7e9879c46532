import { type FaultKind, isFault, messageOf } from '@minos/base';
import type { ExitCode } from '../cli/command.ts';
import { failureDocument } from '../cli/failure-document.ts';
import type { Terminal } from '../cli/terminal.ts';
import { FIRST_HOP } from '../explain/explain-failure.ts';
import { tidyText } from '../explain/tidy-text.ts';
import { printable } from '../output/table.ts';

/** What went wrong on one node. */
export interface NodeFailure {
  readonly node: string;
  readonly error: unknown;
}

/** A failure as it is shown: what failed, at which hop, what was seen, and what to do next. */
export interface FailureFacts {
  readonly node: string;
  readonly kind: FaultKind;
  /** In UPPER_SNAKE_CASE, where it is known. */
  readonly reason: string | undefined;
  readonly message: string;
  readonly hop: string;
  readonly evidence: string | undefined;
  readonly next: string | undefined;
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
    /self-signed certificate|unable to (verify|get)|does not match certificate|the fingerprint .* not one of/,
    'the server is not one that this context knows; a node that never joined logs its fingerprint: -e <node> -n <node> --cert-fingerprint <fingerprint>',
  ],
];

/** Everything that is known of a failure; what no hop said of itself came from a service of the node. Pure. */
export function failureFacts({ node, error }: NodeFailure): FailureFacts {
  const kind = isFault(error) ? error.kind : 'unknown';
  const message = tidyText(messageOf(error));
  const said = (name: string): string | undefined => {
    const value = isFault(error) ? error.fields[name] : undefined;
    return typeof value === 'string' && value !== '' ? tidyText(value) : undefined;
  };
  const next = said('next') ?? NEXT_FOR_TEXT.find(([pattern]) => pattern.test(message))?.[1] ?? NEXT[kind];
  return {
    node,
    kind,
    reason: said('reason'),
    message,
    hop: said('hop') ?? `${node} → service`,
    evidence: said('evidence'),
    next: next?.replaceAll('<node>', node),
  };
}

/** One node's error as it is shown: who, what, at which hop, and what to do next where that is known; pure. */
export function failureLines(failure: NodeFailure): string[] {
  const { node, kind, message, hop, evidence, next } = failureFacts(failure);
  const who = hop === FIRST_HOP ? 'error' : `error from node ${node}`;
  const isNew = evidence !== undefined && !message.includes(evidence);
  return [
    `${who}: ${printable(message)} (${kind})`,
    `  at: ${printable(hop)}${isNew ? `: ${printable(evidence)}` : ''}`,
    ...(next === undefined ? [] : [`  next: ${printable(next)}`]),
  ];
}

/** Prints one failure at once. */
export function complainOf(terminal: Terminal, failure: NodeFailure): void {
  if (terminal.errorForm === 'json') terminal.complain(failureDocument(failureFacts(failure)));
  else for (const line of failureLines(failure)) terminal.complain(line);
}

/** Prints failures and gives the exit code that they make; with the number of nodes asked, how many failed and which, too. */
export function reportFailures(terminal: Terminal, failures: readonly NodeFailure[], asked = 1): ExitCode {
  // What is wrong between us and the endpoint is the same for every node: it is told once.
  const ownLines = new Set<string>();
  for (const failure of failures) {
    const { hop, message } = failureFacts(failure);
    if (hop === FIRST_HOP && terminal.errorForm === 'text') {
      if (ownLines.has(message)) continue;
      ownLines.add(message);
    }
    complainOf(terminal, failure);
  }
  summarizeFailures(terminal, failures, asked);
  return failures.length === 0 ? 0 : 1;
}

/** Prints how many of the nodes failed, which, and why in a word each; nothing when all is well or only one was asked. */
export function summarizeFailures(terminal: Terminal, failures: readonly NodeFailure[], asked: number): void {
  if (failures.length === 0 || asked < 2) return;
  const all = failures.map(failureFacts);
  if (terminal.errorForm === 'json') {
    const failed = all.map(({ node, kind, reason }) => ({ node, kind, ...(reason === undefined ? {} : { reason }) }));
    terminal.complain(JSON.stringify({ summary: { nodes: asked, failed } }));
    return;
  }
  const names = all.map(({ node, kind, reason }) => `${node} (${reason ?? kind})`);
  terminal.complain(`${failures.length} of ${asked} nodes failed: ${names.join(', ')}`);
}
