import { randomUUID } from 'node:crypto';
import { link, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StateDefinition } from '@minos/api/cosi';
import { Fault, hasCode, RELEASE, throwIfAborted } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import type { Terminal } from '../cli/terminal.ts';
import { resourceView } from '../get/resource-view.ts';
import { forEachNode } from '../node-call/for-each-node.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { type NodeSession, withSession } from '../node-call/session.ts';
import { bytesText } from '../output/quantity.ts';
import { printable } from '../output/table.ts';
import { type CollectOptions, collectNode, type NodeReport } from '../support/collect-node.ts';
import { fileName } from '../support/collector.ts';
import { failureText, summaryText } from '../support/summary-text.ts';
import { ZipWriter } from '../support/zip-writer.ts';

interface Options {
  readonly output: string | undefined;
  readonly 'num-workers': number;
  readonly verbose: boolean;
  readonly force: boolean;
}

type Call = CommandCall<Options>;

const NODES_AT_ONCE = 16;
const CLUSTER_NAME_MS = 10_000;

/** Collects what helps to find out what is wrong with the nodes into one zip, without secrets; what a node does not give is named in it. */
export const support: RunCommand<Options> = async (call) => {
  if (call.options['num-workers'] < 1) throw new Fault('invalid', '--num-workers takes a number from 1 on');
  return withSession(call, async (session) => {
    const { terminal, options } = call;
    const shown = options.output ?? (await defaultName(session));
    const path = resolve(terminal.cwd, shown);
    const mayReplace = options.force || (await mayWrite(terminal, path, shown));
    await using zip = await ZipWriter.make(dirname(path));
    const reports = await collectAll(call, session, zip);
    throwIfAborted(terminal.signal);
    const made = { at: new Date(terminal.clock.now()).toISOString(), by: RELEASE.tag };
    await zip.add('summary.txt', once(summaryText(made, reports)));
    if (reports.some(({ failures }) => failures.length > 0)) await zip.add('errors.txt', once(failureText(reports)));
    await writeArchive(zip, path, mayReplace);
    const files = reports.reduce((sum, report) => sum + report.files, 0);
    await terminal.out(`${files} files of ${reports.length} nodes in ${shown}, ${bytesText((await stat(path)).size)}\n`);
    return reportFailures(
      terminal,
      reports.flatMap(({ node, failures }) =>
        failures.map(({ name, error }) => ({ node: [node, name].join(' ').trim(), error })),
      ),
    );
  });
};

async function collectAll(call: Call, session: NodeSession, zip: ZipWriter): Promise<readonly NodeReport[]> {
  const { terminal, options } = call;
  const collecting: CollectOptions = {
    zip,
    workers: options['num-workers'],
    progress: (node, { name, done, of }) => {
      if (options.verbose) terminal.complain(`${node}: ${done}/${of} ${printable(name)}`);
      else if (terminal.isInteractive) terminal.progress(`collecting: ${node} ${done}/${of} ${printable(name)}`);
    },
  };
  const { answers, failures } = await forEachNode(session.nodes, NODES_AT_ONCE, async (node) => {
    if (!terminal.isInteractive) terminal.progress(`collecting: ${node}`);
    return collectNode({ node, channel: session.channel, options: session.to(node) }, fileName(node), collecting);
  });
  // What is wrong here, such as a full disk, is wrong for all nodes.
  const [failure] = failures;
  if (failure !== undefined) throw failure.error;
  terminal.progress('');
  return answers.map(({ value }) => value);
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** `support-<cluster>.zip`, or without the name when no node tells it. */
async function defaultName(session: NodeSession): Promise<string> {
  const state = client(session.channel, StateDefinition);
  const request = { namespace: 'cluster', type: 'Infos.cluster.talos.dev', id: 'current', options: {} };
  for (const node of session.nodes) {
    try {
      const { resource } = await state.Get(request, { ...session.to(node), timeoutMs: CLUSTER_NAME_MS });
      const { spec } = resourceView(resource);
      const name = typeof spec === 'object' && spec !== null && 'clusterName' in spec ? spec.clusterName : '';
      if (typeof name === 'string' && name !== '') return `support-${fileName(name)}.zip`;
    } catch {
      // Only a name: what is wrong with the node, the collection finds out.
    }
  }
  return 'support.zip';
}

/** Whether the file may be replaced; throws `exists` when it is there and nobody says that it may be. */
async function mayWrite(terminal: Terminal, path: string, shown: string): Promise<boolean> {
  try {
    await stat(path);
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return false;
    throw e;
  }
  if (await terminal.confirm(`${shown} is there already; replace it?`)) return true;
  throw new Fault('exists', `${shown} is there already; name another file with --output, or replace it with --force`);
}

/** The archive appears under its name only when it is whole. */
async function writeArchive(zip: ZipWriter, path: string, mayReplace: boolean): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await zip.finish(part);
    if (mayReplace) await rename(part, path);
    else await link(part, path);
  } catch (e) {
    if (!hasCode(e, 'EEXIST')) throw e;
    throw new Fault('exists', `${path} has come to be meanwhile; name another file with --output`, {}, { cause: e });
  } finally {
    await rm(part, { force: true });
  }
}
