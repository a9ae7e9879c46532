import { join } from 'node:path';
import type { Terminal } from '../cli/terminal.ts';
import { type ClusterIdentity, DEFAULT_CLUSTER } from './cluster-options.ts';
import type { ClusterPlan } from './cluster-plan.ts';

/** Commands to go on with, ready to be pasted; pure. */
export function tryNext(plan: ClusterPlan, terminal: Pick<Terminal, 'checkout' | 'cwd'>): string {
  const isFound = plan.clientConfig === join(terminal.cwd, '.minos/config');
  const minosctl = `npx minosctl${isFound ? '' : ` --minosconfig ${plan.clientConfig}`}`;
  const last = plan.nodes.at(-1)?.address ?? plan.endpoint;
  const lines = [
    `${minosctl} get members`,
    `${minosctl} services`,
    `${minosctl} logs -f machined`,
    `${minosctl} -n ${last} reboot`,
    `npx minosctl cluster down${flagsOf(plan, terminal.checkout)}`,
  ];
  return `Try next:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function flagsOf(identity: ClusterIdentity, checkout: string): string {
  if (identity.dir === join(checkout, '.minos/cluster')) return '';
  const name = identity.name === DEFAULT_CLUSTER ? '' : ` --name ${identity.name}`;
  return `${name} --state-dir ${identity.dir}`;
}
