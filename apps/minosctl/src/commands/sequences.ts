import { DiagnosisServiceDefinition, Progress, type SequenceInfo, type TaskInfo } from '@minos/api/minos';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { type Row, tableText } from '../output/table.ts';

const HEADING: Row = ['NODE', 'SEQUENCE', 'PHASE', 'TASK', 'STATE', 'TIME', 'ERROR'];
const STATE: Readonly<Record<Progress, string>> = {
  [Progress.PROGRESS_NOT_RUN]: '-',
  [Progress.PROGRESS_RUNNING]: 'running',
  [Progress.PROGRESS_DONE]: 'done',
  [Progress.PROGRESS_FAILED]: 'failed',
  [Progress.PROGRESS_SKIPPED]: 'not needed',
};

/** Shows the sequences of the nodes: phases one after the other, tasks of a phase together. */
export const sequences: RunCommand<unknown> = (call) =>
  withSession(call, async (session) => {
    const diagnosis = client(session.channel, DiagnosisServiceDefinition);
    const { answers, failures } = await session.ask((_node, options) => diagnosis.Sequences({}, options));
    if (call.globals.output === 'table') {
      const rows = answers.flatMap(({ node, value }) => sequenceRows(value.sequences).map((row) => [node, ...row]));
      if (answers.length > 0) await call.terminal.out(tableText(HEADING, rows));
    } else {
      const writer = new DocumentWriter(call.terminal, call.globals.output);
      for (const { node, value } of answers) await writer.write(nodeDocument(node, value));
    }
    return reportFailures(call.terminal, failures, session.nodes.length);
  });

/** One row for each task, and one for a sequence that is never run; pure. */
export function sequenceRows(all: readonly SequenceInfo[]): Row[] {
  return all.flatMap(({ name, phases, refusal }) => [
    ...(refusal === '' ? [] : [[name, '-', '-', 'refused', '', refusal]]),
    ...phases.flatMap((phase) => phase.tasks.map((task) => [name, phase.name, task.name, ...taskCells(task)])),
  ]);
}

function taskCells({ progress, duration, error }: TaskInfo): Row {
  const ms = duration === undefined ? undefined : Number(duration.seconds) * 1000 + Math.round(duration.nanos / 1e6);
  return [STATE[progress] ?? String(progress), ms === undefined ? '' : `${ms} ms`, error];
}
