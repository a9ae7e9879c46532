import { runTool } from './run-tool.ts';

/** Marks routes as made by us (rtnetlink(7), RTM_NEWROUTE: protocols above 4 are free to use). */
const PROTOCOL = '157';
/** The worst there is: any route of a bridge wins. */
const METRIC = '4294967295';

/** A route of ours that keeps packets for nodes that are not there from leaving by the default route. */
export interface GuardRoute {
  readonly cidr: string;
}

/** The guard route that we made, when it stands. */
export async function readGuardRoute(): Promise<GuardRoute | undefined> {
  const text = await runTool('ip', ['-4', 'route', 'show', 'type', 'unreachable', 'proto', PROTOCOL]);
  const cidr = /(\d+\.\d+\.\d+\.\d+\/\d+)/.exec(text)?.[1];
  return cidr === undefined ? undefined : { cidr };
}

/** Sees to it that packets for a network end here when no bridge takes them; one that is there already, whoever made it, is enough. */
export async function ensureGuardRoute(cidr: string): Promise<void> {
  const standing = await runTool('ip', ['-4', 'route', 'show', 'type', 'unreachable', 'exact', cidr]);
  if (standing.trim() !== '') return;
  await runTool('ip', ['route', 'add', 'unreachable', cidr, 'metric', METRIC, 'proto', PROTOCOL]);
}

/** Removes the guard route that we made. */
export async function removeGuardRoute({ cidr }: GuardRoute): Promise<void> {
  await runTool('ip', ['route', 'del', 'unreachable', cidr, 'metric', METRIC, 'proto', PROTOCOL]);
}

/** The network to guard for a subnet: the /16 around it; pure. */
export function guardedNetwork(cidr: string): string {
  const [a, b] = cidr.split('.');
  return `${a}.${b}.0.0/16`;
}
