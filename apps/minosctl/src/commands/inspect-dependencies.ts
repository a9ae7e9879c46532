import { Empty } from '@minos/api/google';
import { type ControllerDependencyEdge, DependencyEdgeType as Edge, InspectServiceDefinition } from '@minos/api/inspect';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { onlyNode, withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';

const OUTPUTS: ReadonlySet<number> = new Set([Edge.OUTPUT_EXCLUSIVE, Edge.OUTPUT_SHARED]);
const DASHED: ReadonlySet<number> = new Set([Edge.INPUT_WEAK, Edge.OUTPUT_SHARED]);

/** Prints which controllers of one node read and write which resources, as a graph for Graphviz. */
export const inspectDependencies: RunCommand<unknown> = (call) =>
  withSession(call, async (session) => {
    const node = onlyNode(session, 'inspect dependencies');
    const inspect = client(session.channel, InspectServiceDefinition);
    const { answers, failures } = await session.ask((_node, options) =>
      inspect.ControllerRuntimeDependencies(Empty.create(), options),
    );
    for (const message of answers.flatMap(({ value }) => value.messages)) {
      if (call.globals.output === 'table') await call.terminal.out(dotText(message.edges));
      else await new DocumentWriter(call.terminal, call.globals.output).write(nodeDocument(node, message));
    }
    return reportFailures(call.terminal, failures, session.nodes.length);
  });

/** The graph in the language of Graphviz: controllers as boxes, resources as notes, arrows the way that data goes; pure. */
export function dotText(edges: readonly ControllerDependencyEdge[]): string {
  const controllers = [...new Set(edges.map(({ controllerName }) => controllerName))].sort();
  const resources = [...new Set(edges.map(({ resourceType }) => resourceType))].sort();
  const lines = [
    ...controllers.map((name) => `${quoted(name)} [shape=box];`),
    ...resources.map((type) => `${quoted(type)} [shape=note];`),
    ...edges.map((edge) => `${arrow(edge)}${style(edge)};`),
  ];
  return `digraph {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`;
}

function arrow({ controllerName, resourceType, edgeType }: ControllerDependencyEdge): string {
  const [from, to] = OUTPUTS.has(edgeType) ? [controllerName, resourceType] : [resourceType, controllerName];
  return `${quoted(from)} -> ${quoted(to)}`;
}

function style({ edgeType, resourceId }: ControllerDependencyEdge): string {
  const facts = [
    ...(DASHED.has(edgeType) ? ['style=dashed'] : []),
    ...(resourceId === '' ? [] : [`label=${quoted(resourceId)}`]),
  ];
  return facts.length === 0 ? '' : ` [${facts.join(', ')}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
