import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault, hasCode } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { isInSubnet } from './cluster-options.ts';
import type { ClusterPlan } from './cluster-plan.ts';
import type { Leftovers } from './observe-leftovers.ts';
import { readLinks } from './read-links.ts';

/** Says exactly what root is needed for, when it is not there; throws `denied`. */
export function requireRoot(terminal: Terminal, command: string): void {
  if (terminal.uid === 0) return;
  throw new Fault(
    'denied',
    `${command} makes or removes namespaces, mounts, cgroups and a bridge on this machine, which only root may do (this is uid ${terminal.uid}): sudo npx minosctl ${command}`,
  );
}

/** Whether this machine can hold the cluster: image and holder are built, the network is free. Throws `precondition` or `exists`. */
export async function checkHost(plan: ClusterPlan, leftovers: Leftovers): Promise<void> {
  const stranger = leftovers.holders.find((holder) => !holder.pidfile.startsWith(`${plan.dir}/`));
  if (stranger !== undefined) {
    const dir = dirname(dirname(dirname(stranger.pidfile)));
    throw new Fault(
      'exists',
      `a cluster "${plan.name}" of another folder is running: minosctl cluster down --name ${plan.name} --state-dir ${dir}, or choose another --name and --subnet`,
    );
  }
  await checkFile(plan.image, { what: 'image of the nodes', mode: constants.R_OK });
  await checkFile(plan.holder, { what: 'program that holds the nodes', mode: constants.X_OK });
  const ours = new Set(leftovers.links.map((link) => link.name));
  const taken = (await readLinks()).find(
    (link) => !ours.has(link.name) && link.addresses.some((address) => isInSubnet(address, plan.subnet)),
  );
  if (taken !== undefined) {
    throw new Fault('exists', `${plan.subnet.cidr} is in use on ${taken.name}; choose another: --subnet 10.6.0.0/24`);
  }
}

async function checkFile(path: string, { what, mode }: { what: string; mode: number }): Promise<void> {
  try {
    await access(path, mode);
  } catch (e) {
    if (!hasCode(e, 'ENOENT') && !hasCode(e, 'EACCES')) throw e;
    throw new Fault(
      'precondition',
      `the ${what} is not built (${path}): npx nx run-many -t build, or npm run up, which does both`,
      {},
      { cause: e },
    );
  }
}
