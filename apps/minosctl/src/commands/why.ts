import { DiagnosisServiceDefinition, type WaitNode, type WhyResponse } from '@minos/api/minos';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { printable } from '../output/table.ts';

/** Says why something is not as it should be: what lies deepest first, what shows it, what to ask next, and what waits for it. */
export const why: RunCommand<unknown> = (call) =>
  withSession(call, async (session) => {
    const diagnosis = client(session.channel, DiagnosisServiceDefinition);
    const subject = call.words[0] ?? '';
    const { answers, failures } = await session.ask((_node, options) => diagnosis.Why({ subject }, options));
    const writer = call.globals.output === 'table' ? undefined : new DocumentWriter(call.terminal, call.globals.output);
    for (const { node, value } of answers) {
      if (writer === undefined)
        await call.terminal.out(
          whyLines(node, value)
            .map((line) => `${printable(line)}\n`)
            .join(''),
        );
      else await writer.write(nodeDocument(node, value));
    }
    return reportFailures(call.terminal, failures, session.nodes.length);
  });

/** The answer of one node: the root in the first line; pure. */
export function whyLines(node: string, { nodes, chain }: WhyResponse): readonly string[] {
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const links = chain.map((id) => byId.get(id)).filter((one): one is WaitNode => one !== undefined);
  const root = links.at(-1);
  if (root === undefined) return [`${node}: ${nodes[0]?.summary ?? 'nothing is waited for'}`];
  return [
    `${node}: ${oneLine(root.summary)}`,
    ...root.evidence.map((line) => `  ${oneLine(line)}`),
    ...(root.nextCommand === '' ? [] : [`  next: minosctl -n ${node} ${root.nextCommand}`]),
    ...links
      .slice(0, -1)
      .toReversed()
      .map((one) => `  so: ${oneLine(one.summary)} (${one.id})`),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ');
}
