import { join, resolve } from 'node:path';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { DocumentWriter } from '../output/documents.ts';
import { tableText } from '../output/table.ts';
import { type ClusterFlags, clusterIdentity } from './cluster-options.ts';
import { type MachinePlan, planCluster } from './cluster-plan.ts';
import { clusterUp } from './cluster-up.ts';
import { tryNext } from './try-next.ts';

/** What the command line says about a cluster that is to be. */
export interface BringUpOptions extends ClusterFlags {
  readonly workers: number;
  readonly image: string | undefined;
  readonly holder: string | undefined;
  readonly timeout: number;
}

/** Starts a cluster, waits until it is ready and shows its nodes: machines when a plan for them is given, else containers. */
export async function bringUp(call: CommandCall<BringUpOptions>, machine: MachinePlan | undefined): Promise<ExitCode> {
  const { options, globals, terminal } = call;
  const { checkout, cwd } = terminal;
  const path = (given: string | undefined, initial: string): string =>
    given === undefined ? join(checkout, initial) : resolve(cwd, given);
  const identity = clusterIdentity(options, terminal);
  const plan = planCluster(identity, {
    subnet: options.subnet,
    workers: options.workers,
    image: path(options.image, machine === undefined ? 'dist/image/rootfs.sqsh' : 'dist/vm/rootfs.img'),
    holder: path(options.holder, 'dist/holder/minos-holder'),
    ...(machine === undefined ? {} : { machine }),
  });
  const startedMs = terminal.clock.monotonicMs();
  const versions = await clusterUp(plan, { terminal, timeoutMs: options.timeout * 1000 });
  const rows = plan.nodes.map((node) => ({ ...node, version: versions.get(node.name) ?? '' }));
  if (globals.output === 'table') {
    const cells = rows.map((row) => [row.name, row.type, row.address, 'ready', row.version]);
    await terminal.out(tableText(['NODE', 'TYPE', 'ADDRESS', 'STATE', 'VERSION'], cells));
    const seconds = ((terminal.clock.monotonicMs() - startedMs) / 1000).toFixed(1);
    await terminal.out(`\n${rows.length} nodes are ready after ${seconds} s. ${tryNext(plan, terminal)}`);
  } else {
    const writer = new DocumentWriter(terminal, globals.output);
    for (const { name, type, address, version } of rows)
      await writer.write({ node: name, type, address, state: 'ready', version });
  }
  return 0;
}
