import type { Machine } from '../runtime/machine.ts';
import type { SequenceName } from '../sequence/sequence.ts';
import type { RunProgress, SequenceProgress, TaskProgress } from '../sequence/sequence-progress.ts';
import { isDown } from '../service/service-table.ts';
import { metNode, unmetNode, type WaitNode } from './wait-node.ts';

const NAMES: readonly SequenceName[] = ['shutdown', 'reboot', 'reset', 'boot', 'initialize'];

/** What tasks wait for beside their own work. */
const TASK_WAITS: Readonly<Record<string, (machine: Machine) => readonly string[]>> = {
  loadConfig: () => ['configuration'],
  waitForNetwork: () => ['network'],
  waitForServices: ({ services, memory }) =>
    services.list().flatMap(({ id }) => (memory.value.stopped.includes(id) ? [] : [`service/${id}`])),
  stopAllServices: ({ services }) => services.list().flatMap(({ id, state }) => (isDown(state) ? [] : [`service/${id}`])),
};

/** Each sequence of which there was a run, and each task of it that runs or has failed. */
export function sequenceNodes(machine: Machine, progress: SequenceProgress): readonly WaitNode[] {
  return NAMES.flatMap((name) => {
    const run = progress.of(name);
    if (run === undefined) return [];
    if (run.state === 'done') return [metNode(`sequence/${name}`, `the sequence ${name} is done`)];
    const tasks = openTasks(run);
    const nodes = tasks.map((task) => taskNode(machine, progress, task));
    const verb = run.state === 'running' ? 'is under way' : `has failed: ${run.error}`;
    const waitsFor = nodes.map(({ id }) => id);
    return [unmetNode(`sequence/${name}`, `the sequence ${name} ${verb}`, { nextCommand: 'sequences', waitsFor }), ...nodes];
  });
}

interface OpenTask {
  readonly name: string;
  readonly task: TaskProgress;
}

/** Failed ones first: those that run were given up because of them. */
function openTasks({ phases }: RunProgress): readonly OpenTask[] {
  const tasks = [...phases.values()].flatMap((phase) => [...phase.tasks].map(([name, task]) => ({ name, task })));
  return [...tasks.filter(({ task }) => task.state === 'failed'), ...tasks.filter(({ task }) => task.state === 'running')];
}

function taskNode(machine: Machine, progress: SequenceProgress, { name, task }: OpenTask): WaitNode {
  const id = `task/${name}`;
  const evidence = [`it took ${progress.durationMs(task)} ms so far`];
  if (task.state === 'failed') {
    return unmetNode(id, `the task ${name} fails: ${task.error}`, { evidence, nextCommand: 'logs machined' });
  }
  const waitsFor = TASK_WAITS[name]?.(machine) ?? [];
  return unmetNode(id, `the task ${name} is not done`, { evidence, nextCommand: 'sequences', waitsFor });
}
