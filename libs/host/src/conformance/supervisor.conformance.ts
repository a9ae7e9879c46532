import assert from 'node:assert/strict';
import { isFault } from '@minos/base';
import type { Files } from '../port/files.ts';
import type { SpawnSpec, SupervisedProcess, Supervisor, SupervisorEvent } from '../port/supervisor.ts';
import { type ConformanceCase, first, neverAborted } from './conformance-case.ts';

/** What the programs of a supervisor under check do: `stay` logs `hello`, is ready and stays; `mute` stays and is never ready; `exit-three` ends with code 3. */
export type ProbeProgram = 'stay' | 'mute' | 'exit-three';

/** A supervisor to check. No process of another case lives. */
export interface SupervisorSubject {
  readonly supervisor: Supervisor;
  readonly files: Files;
  spec(program: ProbeProgram): SpawnSpec;
}

async function until(
  supervisor: Supervisor,
  isIt: (event: SupervisorEvent) => boolean,
  start: () => Promise<unknown>,
): Promise<SupervisorEvent> {
  const stop = new AbortController();
  const events = supervisor.events(stop.signal);
  const started = start();
  started.catch(() => stop.abort());
  try {
    for await (const event of events) if (isIt(event)) return event;
  } finally {
    stop.abort();
    await started;
  }
  throw new Error('the events ended');
}

async function known(supervisor: Supervisor, process: SupervisedProcess): Promise<SupervisedProcess | undefined> {
  return (await supervisor.list()).find((p) => p.id === process.id && p.generation === process.generation);
}

/** Kills a process and lets init forget it. */
async function end(supervisor: Supervisor, process: SupervisedProcess): Promise<void> {
  const ended = (event: SupervisorEvent): boolean => event.kind === 'exited' && event.generation === process.generation;
  await until(supervisor, ended, () => supervisor.signal(process.id, 'SIGKILL', 'group'));
  await supervisor.acknowledge(process.id, process.generation);
}

/** What every implementation of Supervisor keeps to. */
export const supervisorConformance: readonly ConformanceCase<SupervisorSubject>[] = [
  {
    name: 'a process that was started lives, says that it is ready, and its end is kept until it is acknowledged',
    run: async ({ supervisor, spec }) => {
      let started: SupervisedProcess | undefined;
      await until(
        supervisor,
        (event) => event.kind === 'ready' && event.id === 'stay',
        async () => {
          started = await supervisor.spawn(spec('stay'));
        },
      );
      assert.ok(started !== undefined && started.pid > 0);
      assert.equal((await known(supervisor, started))?.isReady, true);
      const { generation } = started;
      const event = await until(
        supervisor,
        (e) => e.kind === 'exited' && e.generation === generation,
        () => supervisor.signal('stay', 'SIGKILL', 'process'),
      );
      assert.deepEqual(event.kind === 'exited' && event.exit, { kind: 'signalled', signal: 'SIGKILL', coreDumped: false });
      assert.equal((await known(supervisor, started))?.exit?.kind, 'signalled');
      await supervisor.acknowledge('stay', generation);
      assert.equal(await known(supervisor, started), undefined);
    },
  },
  {
    name: 'an exit code comes with the end',
    run: async ({ supervisor, spec }) => {
      const event = await until(
        supervisor,
        (e) => e.kind === 'exited' && e.id === 'exit-three',
        () => supervisor.spawn(spec('exit-three')),
      );
      assert.ok(event.kind === 'exited');
      assert.deepEqual(event.exit, { kind: 'exited', code: 3 });
      await supervisor.acknowledge(event.id, event.generation);
    },
  },
  {
    name: 'one process lives under an id, and generations grow',
    run: async ({ supervisor, spec }) => {
      const before = await supervisor.spawn(spec('mute'));
      await assert.rejects(supervisor.spawn(spec('mute')), (e) => isFault(e, 'exists'));
      assert.equal((await known(supervisor, before))?.isReady, false);
      await end(supervisor, before);
      const after = await supervisor.spawn(spec('mute'));
      assert.ok(after.generation > before.generation);
      await end(supervisor, after);
    },
  },
  {
    name: 'a signal reaches the living only, and SIGTERM ends a program that listens',
    run: async ({ supervisor, spec }) => {
      const process = await supervisor.spawn(spec('mute'));
      const ended = await until(
        supervisor,
        (e) => e.kind === 'exited' && e.generation === process.generation,
        async () => {
          assert.equal(await supervisor.signal('mute', 'SIGTERM', 'process'), true);
        },
      );
      assert.equal(ended.kind === 'exited' && ended.pid, process.pid);
      assert.equal(await supervisor.signal('mute', 'SIGTERM', 'process'), false);
      assert.equal(await supervisor.signal('nobody', 'SIGKILL', 'group'), false);
      await supervisor.acknowledge('mute', process.generation);
    },
  },
  {
    name: 'an id that is none is refused',
    run: async ({ supervisor, spec }) => {
      await assert.rejects(supervisor.spawn({ ...spec('mute'), id: 'Not/An Id' }), (e) => isFault(e, 'invalid'));
    },
  },
  {
    name: 'what a process writes stands in its log FIFO',
    run: async ({ supervisor, files, spec }) => {
      const process = await supervisor.spawn(spec('stay'));
      const chunk = await first(files.readFifo(supervisor.logFifo('stay'), neverAborted()));
      assert.match(chunk.toString(), /hello\n/);
      await end(supervisor, process);
    },
  },
  {
    name: 'events have one reader at a time',
    run: async ({ supervisor }) => {
      const stop = new AbortController();
      supervisor.events(stop.signal);
      assert.throws(
        () => supervisor.events(stop.signal),
        (e) => isFault(e, 'precondition'),
      );
      stop.abort();
      supervisor.events(AbortSignal.timeout(1));
    },
  },
];
