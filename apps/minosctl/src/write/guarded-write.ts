import { dirname, join } from 'node:path';
import { Fault, isFault } from '@minos/base';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import type { Terminal } from '../cli/terminal.ts';
import { findConfig } from '../client-config/find-config.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import type { NodeSession } from '../node-call/session.ts';
import { agoText } from '../output/quantity.ts';
import { printable } from '../output/table.ts';
import type { MachineKind } from '../select/member.ts';
import { Journal } from './journal.ts';
import { controlPlaneHealth, findMachines, type KnownMachine, type KnownMachines } from './machine-kinds.ts';
import { runBatches } from './run-batches.ts';
import type { WriteOptions } from './write-options.ts';
import { type Downtime, isRolling, kindProblem, planBatches, planLines, quorumProblem, type WriteTarget } from './write-plan.ts';

/** A change of nodes: what each gets, and how it is made. */
export interface GuardedWrite {
  /** What a node gets, in a few words, when nothing more is known of it. */
  readonly gets: string;
  readonly downtime: Downtime;
  /** What kind of machine it is for; any when undefined. */
  readonly onlyFor?: MachineKind | undefined;
  /** Tells it from another change by the same words, such as by the contents of a file. */
  readonly identity?: string;
  /** Whether less than a majority of healthy control planes is accepted. */
  readonly isForced: boolean;
  /** More about what one node gets; called for several nodes. */
  describe?(machine: KnownMachine): Promise<Pick<WriteTarget, 'gets' | 'downtime'>>;
  /** Something of the node that is another once it has done it, such as the id of its boot. */
  mark?(node: string): Promise<string>;
  /** Changes one node; the line that says what became of it. */
  apply(node: string): Promise<string>;
}

/** The call of a command with the options of a write. */
export type WriteCall = CommandCall<WriteOptions>;

/**
 * Changes the nodes of a session, and nothing that it should not: a node of the wrong kind is refused before anything is sent,
 * the healthy majority of control planes stays, more than one node is shown and asked about, and what is interrupted goes on
 * where it was when the same command runs again.
 */
export async function guardedWrite(call: WriteCall, session: NodeSession, write: GuardedWrite): Promise<ExitCode> {
  const { terminal } = call;
  const isMany = session.nodes.length > 1 || session.isSelected;
  const pace = { canary: call.options.canary, maxUnavailable: call.options['max-unavailable'] };
  const isPlain = !isMany && (write.downtime === 'none' || !session.isRouted);
  const known: KnownMachines = isPlain
    ? { machines: session.nodes.map((node) => ({ node, hostname: undefined, kind: undefined })), failures: [], members: [] }
    : await findMachines(session);
  const targets = await describeAll(known.machines, write, isMany);
  refuse('WRONG_KIND_OF_MACHINE', kindProblem(targets, write.onlyFor));
  const journal = await openJournal(call, session, write.identity ?? '');
  if (call.options.restart) await journal.clear(terminal.clock.now());
  const isDone = await doneBefore(targets, { journal, session, write });
  const todo = targets.filter((target) => !isDone.has(target.node));
  const batches = planBatches(todo, pace);
  await keepQuorum(batches, { session, known, write });
  if (isMany) await showAndAsk(call, { batches, journal, done: targets.filter((target) => isDone.has(target.node)) });
  const failures = await runBatches(batches, { session, terminal, write, journal, isRolling: isRolling(pace), isKept: isMany });
  const all = [...known.failures, ...failures];
  if (all.length === 0 || !isMany) await journal.remove();
  else if (journal.record.done.length > 0)
    terminal.complain('what is done is kept: the same command goes on with the rest; --restart begins with the first node');
  return reportFailures(terminal, all, session.nodes.length);
}

function refuse(reason: string, problem: string | undefined, next?: string): void {
  if (problem === undefined) return;
  throw new Fault('precondition', problem, { reason, ...(next === undefined ? {} : { next }) });
}

function describeAll(machines: readonly KnownMachine[], write: GuardedWrite, isMany: boolean): Promise<readonly WriteTarget[]> {
  const { gets, downtime } = write;
  return Promise.all(
    machines.map(async (machine): Promise<WriteTarget> => {
      const more = isMany ? await write.describe?.(machine) : undefined;
      return { ...machine, gets, downtime, ...more };
    }),
  );
}

async function keepQuorum(
  batches: readonly (readonly WriteTarget[])[],
  { session, known, write }: { readonly session: NodeSession; readonly known: KnownMachines; readonly write: GuardedWrite },
): Promise<void> {
  const takesControlPlane = batches.flat().some(({ kind, downtime }) => kind === 'controlplane' && downtime !== 'none');
  if (write.isForced || !takesControlPlane) return;
  const health = await controlPlaneHealth(session, known);
  const oneByOne = batches.flat().map((target) => [target]);
  const isPossible = quorumProblem(oneByOne, health) === undefined;
  const next = isPossible ? 'one at a time: --max-unavailable 1' : 'when the cluster may do without meanwhile: --force';
  refuse('QUORUM_WOULD_BE_LOST', quorumProblem(batches, health), next);
}

async function openJournal(call: WriteCall, session: NodeSession, identity: string): Promise<Journal> {
  const { terminal, globals } = call;
  const { path } = await findConfig(terminal, globals.minosconfig);
  const { yes: _yes, restart: _restart, canary: _canary, 'max-unavailable': _max, ...options } = call.options;
  const text = [...call.path, ...call.words, '-n', [...session.nodes].sort().join(','), JSON.stringify(options)].join(' ');
  const context = globals.context ?? '';
  return Journal.open(
    join(dirname(path), 'journal'),
    { text, identity: `${path}\0${context}\0${identity}` },
    terminal.clock.now(),
  );
}

/** Nodes that an interrupted run has done; one that was only asked counts when it shows that it did. */
async function doneBefore(
  targets: readonly WriteTarget[],
  { journal, session, write }: { readonly journal: Journal; readonly session: NodeSession; readonly write: GuardedWrite },
): Promise<ReadonlySet<string>> {
  const { done, asked } = journal.record;
  const found = new Set(done);
  for (const { node } of targets) {
    const mark = asked[node];
    if (mark === undefined || mark === '' || write.mark === undefined) continue;
    try {
      if ((await write.mark(node)) !== mark) found.add(node);
    } catch (e) {
      if (session.signal.aborted || !isFault(e)) throw e;
    }
  }
  return found;
}

interface Shown {
  readonly batches: readonly (readonly WriteTarget[])[];
  readonly journal: Journal;
  readonly done: readonly WriteTarget[];
}

async function showAndAsk({ terminal, options, path }: WriteCall, { batches, journal, done }: Shown): Promise<void> {
  const count = batches.flat().length;
  if (count === 0 && done.length === 0) return;
  if (terminal.errorForm === 'json') {
    terminal.complain(JSON.stringify({ plan: { command: path.join(' '), done: done.map(({ node }) => node), batches } }));
  } else sayPlan(terminal, { path, batches, journal, done });
  if (count < 2 || options.yes) return;
  if (!terminal.canAsk) {
    throw new Fault('precondition', `this changes ${count} nodes, and nobody is here to be asked: nothing was done`, {
      reason: 'NOT_CONFIRMED',
      next: 'look at the list above; the same command with --yes does it',
    });
  }
  if (!(await terminal.confirm('go on?'))) throw new Fault('cancelled', 'nothing was done', { reason: 'NOT_CONFIRMED' });
}

function sayPlan(terminal: Terminal, { path, batches, journal, done }: Shown & { readonly path: readonly string[] }): void {
  const count = batches.flat().length;
  if (done.length > 0) {
    const ago = agoText(terminal.clock.now() - journal.record.startedMs);
    terminal.complain(`going on with what was begun ${ago} ago; --restart begins with the first node`);
  }
  terminal.complain(`${path.join(' ')} on ${count} ${count === 1 ? 'node' : 'nodes'}:`);
  for (const line of planLines(batches, done)) terminal.complain(printable(line));
}
