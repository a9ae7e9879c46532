import { type ResourceDefinitionSpec, StateDefinition } from '@minos/api/cosi';
import { client } from '@minos/rpc';
import type { CommandCall, ExitCode, RunCommand } from '../cli/command.ts';
import { listDefinitions, resolveType, type StateClient } from '../get/resolve-type.ts';
import { type Printed, ResourcePrinter } from '../get/resource-printer.ts';
import { type ResourceView, resourceView } from '../get/resource-view.ts';
import { type NodeChange, watchNode } from '../get/watch-node.ts';
import { collect } from '../node-call/collect.ts';
import { FirstAnswers } from '../node-call/first-answers.ts';
import type { NodeAnswer } from '../node-call/for-each-node.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { type NodeSession, withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';

interface Options {
  readonly namespace: string | undefined;
  readonly watch: boolean;
}

interface Getting {
  readonly call: CommandCall<Options>;
  readonly session: NodeSession;
  readonly state: StateClient;
  readonly definition: ResourceDefinitionSpec;
  readonly namespace: string;
}

/** Shows resources of the nodes: all of a type, or one; `--watch` goes on with what changes. */
export const get: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const state = client(session.channel, StateDefinition);
    const definition = await firstDefinition(session, state, call.words[0] ?? '');
    const namespace = call.options.namespace ?? definition.defaultNamespace;
    const getting = { call, session, state, definition, namespace };
    return call.options.watch ? watchAll(getting) : getAll(getting);
  });

// Every node serves the same types; the first that answers is asked, so that a node that is down does not hide the others.
async function firstDefinition(session: NodeSession, state: StateClient, word: string): Promise<ResourceDefinitionSpec> {
  let failure: unknown;
  for (const node of session.nodes) {
    try {
      return resolveType(await listDefinitions(state, { ...session.to(node), timeoutMs: 20_000 }), word);
    } catch (e) {
      failure ??= e;
      if (!isLost(e)) throw e;
    }
  }
  throw failure;
}

function isLost(e: unknown): boolean {
  return typeof e === 'object' && e !== null && 'kind' in e && (e.kind === 'unavailable' || e.kind === 'deadline');
}

async function getAll({ call, session, state, definition, namespace }: Getting): Promise<ExitCode> {
  const id = call.words[1];
  const type = definition.resourceType;
  const printer = new ResourcePrinter(call, definition);
  const answers = new FirstAnswers<readonly ResourceView[]>(session.nodes, call.terminal.clock, {
    first: (some) => printer.printAll(some.flatMap(itemsOf), 'once'),
    later: async (answer) => {
      for (const item of itemsOf(answer)) await printer.printOne(item, 'once');
    },
  });
  const { failures } = await session.ask(async (node, options) => {
    const request = { namespace, type, options: { labelQuery: [], idQuery: undefined } };
    const found =
      id === undefined
        ? (await collect(state.List(request, options))).map(({ resource }) => resource)
        : [(await state.Get({ namespace, type, id, options: {} }, options)).resource];
    await answers.add({ node, value: found.map(resourceView) });
  });
  await answers.end();
  return reportFailures(call.terminal, failures, session.nodes.length);
}

function itemsOf({ node, value }: NodeAnswer<readonly ResourceView[]>): readonly Printed[] {
  return value.map((view) => ({ node, view }));
}

async function watchAll({ call, session, state, definition, namespace }: Getting): Promise<ExitCode> {
  const printer = new ResourcePrinter(call, definition);
  const target = { namespace, type: definition.resourceType, id: call.words[1] };
  // Until every node has said what it has, rows are kept, so that the columns fit them.
  const waiting = new Set(session.nodes);
  let kept: Printed[] | undefined = [];
  const release = async (node: string): Promise<void> => {
    if (!waiting.delete(node) || waiting.size > 0 || kept === undefined) return;
    const items = kept;
    kept = undefined;
    await printer.printAll(items, 'watch');
  };
  const show = async (node: string, change: NodeChange): Promise<void> => {
    if (change.kind === 'ready') return release(node);
    const item: Printed = { node, view: change.view, happening: change.kind };
    if (kept === undefined) await printer.printOne(item, 'watch');
    else kept.push(item);
  };
  return streamNodes(session, call.terminal, {
    open: (_node, options) => watchNode(state, target, options),
    show,
    end: release,
  });
}
