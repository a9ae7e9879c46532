import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@minos/base';
import type { ClusterPlan, MachinePlan, NodePlan } from './cluster-plan.ts';
import { etherAddress } from './make-network.ts';
import { runTool } from './run-tool.ts';

/** Making disks and sealing the image take long on a busy machine. */
const TOOL_MS = 300_000;

/** Makes kernel, initramfs and sealed image from the image of the checkout, unless they are newer than it. */
export async function buildMachines(plan: ClusterPlan, machine: MachinePlan, progress: (line: string) => void): Promise<void> {
  const [made, source] = await Promise.all([modified(plan.image), modified(join(machine.checkout, 'dist/image/rootfs.sqsh'))]);
  if (made !== undefined && (source === undefined || made >= source)) return;
  progress('making kernel, initramfs and sealed image');
  await tool(machine, ['tools/qemu/build.ts']);
}

/** The arguments of the tool that starts a node in QEMU; pure. */
export function machineArguments(plan: ClusterPlan, machine: MachinePlan, { name, veth, files }: NodePlan): string[] {
  const options = {
    name,
    dir: files.dir,
    config: files.config,
    image: plan.image,
    tap: veth,
    mac: etherAddress(`${plan.bridge}/${name}`),
    memory: String(machine.memoryMib),
    cpus: String(machine.cpus),
    accel: machine.accel,
    pidfile: files.pidfile,
    console: files.log,
  };
  return Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
}

/** Starts the machine of a node; it goes on when this process is gone. Throws with what QEMU complained about. */
export async function startMachine(plan: ClusterPlan, machine: MachinePlan, node: NodePlan): Promise<void> {
  await tool(machine, ['tools/qemu/start-node.ts', ...machineArguments(plan, machine, node)]);
}

async function tool({ checkout }: MachinePlan, [file = '', ...args]: readonly string[]): Promise<void> {
  // That of the checkout: the tools are TypeScript, which an older one does not run.
  await runTool(join(checkout, 'node_modules/.bin/node'), [join(checkout, file), ...args], TOOL_MS);
}

async function modified(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return undefined;
    throw e;
  }
}
