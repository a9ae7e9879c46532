/** What a machine is in its cluster. */
export type MachineKind = 'controlplane' | 'worker';

/** A member of the cluster, as far as it was asked about. */
export interface Member {
  readonly hostname: string;
  /** What calls name it by. */
  readonly address: string;
  readonly addresses: readonly string[];
  readonly type: MachineKind;
  /** The tag that it runs; undefined when nobody asked. */
  readonly version?: string;
  /** Its node labels; undefined when nobody asked. */
  readonly labels?: ReadonlyMap<string, string>;
}

/** How a member is called in a list: by address and name. Pure. */
export function memberText({ address, hostname, type }: Pick<Member, 'address' | 'hostname' | 'type'>): string {
  return `${address} (${hostname}, ${type === 'controlplane' ? 'control plane' : 'worker'})`;
}
