import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigServiceDefinition, type PlanChange, type PlanResponse } from '@minos/api/minos';
import { Fault, messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly file: string;
}

/** Shows what a configuration would change on the nodes; exit code 1 when one of them would refuse it. */
export const plan: RunCommand<Options> = async (call) => {
  const { options, terminal } = call;
  const data = await read(resolve(terminal.cwd, options.file), options.file);
  return withSession(call, async (session) => {
    const config = client(session.channel, ConfigServiceDefinition);
    const { answers, failures } = await session.ask((_node, to) => config.Plan({ data }, to));
    for (const { node, value } of answers) await show(call, node, value);
    const code = reportFailures(terminal, failures, session.nodes.length);
    return answers.some(({ value }) => value.problems.length > 0) ? 1 : code;
  });
};

async function show({ globals, terminal }: CommandCall<Options>, node: string, answer: PlanResponse): Promise<void> {
  if (globals.output !== 'table') return new DocumentWriter(terminal, globals.output).write(nodeDocument(node, answer));
  for (const problem of answer.problems) terminal.complain(`${node} would refuse it: ${printable(problem)}`);
  for (const warning of answer.warnings) terminal.complain(`warning from node ${node}: ${printable(warning)}`);
  if (answer.problems.length === 0) await terminal.out(planText(node, answer));
}

/** A plan for people; pure. */
export function planText(node: string, { changes, reach, needsReboot, disks }: PlanResponse): string {
  if (changes.length === 0) return `${node}: nothing would change\n`;
  const careful = reach.length === 0 ? '' : `; the node can be lost by: ${reach.join(', ')}`;
  const written = disks.length === 0 ? 'no disk is touched' : `${disks.length} disks are written`;
  const heading = `${node}: ${changes.length} changes, ${needsReboot ? 'with' : 'without'} a reboot, ${written}${careful}`;
  const lost = disks.map((disk) => `  ! disk ${printable(disk)}`);
  return `${[heading, ...lost, ...changes.flatMap(changeLines)].join('\n')}\n`;
}

function changeLines({ noun, id, before, after }: PlanChange): readonly string[] {
  const mark = before === '' ? '+' : after === '' ? '-' : '~';
  const old = new Set(linesOf(before));
  const now = new Set(linesOf(after));
  const gone = linesOf(before).filter((line) => !now.has(line));
  const come = linesOf(after).filter((line) => !old.has(line));
  return [
    `  ${mark} ${noun} ${printable(id)}`,
    ...gone.map((line) => `      - ${line}`),
    ...come.map((line) => `      + ${line}`),
  ];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.trimEnd().split('\n').map(printable);
}

async function read(path: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (e) {
    throw new Fault('missing', `cannot read ${shown}: ${messageOf(e)}`, {}, { cause: e });
  }
}
