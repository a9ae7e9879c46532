import type { AddressEvent } from '@minos/api/machine';
import { AffiliateSpec, MachineType } from '@minos/api/resource-specs';
import { hasCode, isFault, messageOf, type Release } from '@minos/base';
import {
  affiliateType,
  formatNetIp,
  hostnameStatusType,
  machineConfigType,
  memberType,
  nodeAddressType,
  type Resource,
} from '@minos/resource';
import { type ControllerFacts, exclusive, shared, strong } from '../controller/controller-facts.ts';
import type { Machine } from '../runtime/machine.ts';
import { type KnownAffiliate, membersOf } from './membership.ts';
import { affiliatesText, parseAffiliates } from './membership-file.ts';

/** Who publishes this node and the members. */
export const MEMBERSHIP_FACTS: readonly ControllerFacts[] = [
  {
    name: 'cluster.LocalAffiliateController',
    inputs: strong(hostnameStatusType, nodeAddressType, machineConfigType),
    outputs: shared(affiliateType),
  },
  { name: 'cluster.MemberController', inputs: strong(affiliateType), outputs: exclusive(memberType) },
];

const EXPIRY_CHECK_MS = 60_000;
/** trustd says here until when a certificate that it signed is valid, as an RFC 3339 time. */
const EXPIRY_ANNOTATION = 'minos.dev/expires';
const KUBERNETES_PORT = 6443n;

/** What a node runs, as the list of members shows it; pure. */
export function operatingSystemOf({ tag }: Pick<Release, 'tag'>): string {
  return `Minos (${tag})`;
}

/**
 * Keeps the membership until aborted: this node's own affiliate, every affiliate that trustd reports (also on STATE, so that
 * it survives a boot), and the members that follow. An affiliate that is not reported any more is kept until it expires.
 */
export async function followMembership(machine: Machine, signal: AbortSignal): Promise<void> {
  const keeper = new MembershipKeeper(machine);
  await keeper.load();
  await Promise.all([keeper.followAffiliates(signal), keeper.followSelf(signal), keeper.followTime(signal)]);
}

class MembershipKeeper {
  readonly #machine: Machine;
  readonly #known = new Map<string, KnownAffiliate>();
  #written = '';
  #told = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async load(): Promise<void> {
    const { host, paths, log } = this.#machine;
    try {
      this.#written = await host.files.readText(paths.membershipFile);
    } catch (e) {
      if (!hasCode(e, 'ENOENT')) log.warn({ err: messageOf(e) }, 'membership on STATE cannot be read');
    }
    for (const affiliate of parseAffiliates(this.#written)) this.#known.set(affiliate.spec.nodeId, affiliate);
  }

  async followAffiliates(signal: AbortSignal): Promise<void> {
    for await (const event of this.#machine.state.watch(affiliateType, {}, signal)) {
      if (event.kind === 'created' || event.kind === 'updated') this.#take(event.resource);
      if (event.kind !== 'destroyed') await this.#refresh();
    }
  }

  async followSelf(signal: AbortSignal): Promise<void> {
    const { state } = this.#machine;
    const follow = async (type: typeof hostnameStatusType | typeof nodeAddressType | typeof machineConfigType): Promise<void> => {
      for await (const event of state.watch<unknown>(type, {}, signal)) {
        if (event.kind !== 'destroyed') await this.#publishSelf();
      }
    };
    await Promise.all([follow(hostnameStatusType), follow(nodeAddressType), follow(machineConfigType)]);
  }

  async followTime(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#machine.clock.sleep(EXPIRY_CHECK_MS, signal);
        await this.#refresh();
      }
    } catch (e) {
      if (!isFault(e, 'cancelled')) throw e;
    }
  }

  #take(resource: Resource<AffiliateSpec>): void {
    if (resource.spec.nodeId === this.#machine.identity.nodeId) return;
    const text = resource.metadata.annotations[EXPIRY_ANNOTATION];
    const expiresMs = text === undefined ? undefined : Date.parse(text);
    this.#known.set(resource.metadata.id, { spec: resource.spec, expiresMs: Number.isNaN(expiresMs) ? undefined : expiresMs });
  }

  async #publishSelf(): Promise<void> {
    const self = this.#self();
    if (self === undefined) return;
    await this.#machine.state.as('cluster.LocalAffiliateController').put(affiliateType, self.nodeId, self);
    this.#tellAddresses({ hostname: self.hostname, addresses: self.addresses.map(formatNetIp) });
    await this.#refresh();
  }

  /** As an event, when they are others than before. */
  #tellAddresses(event: AddressEvent): void {
    const text = JSON.stringify(event);
    if (text === this.#told) return;
    this.#told = text;
    this.#machine.events.publish({ kind: 'address', event });
  }

  #self(): AffiliateSpec | undefined {
    const { state, identity, config, release } = this.#machine;
    const hostname = state.peek(hostnameStatusType, 'hostname')?.spec;
    const addresses = (state.peek(nodeAddressType, 'routed') ?? state.peek(nodeAddressType, 'current'))?.spec.addresses ?? [];
    if (hostname === undefined || addresses.length === 0 || config.current === undefined) return undefined;
    const isControlPlane = config.current.machineType !== 'worker';
    return AffiliateSpec.fromPartial({
      nodeId: identity.nodeId,
      addresses: addresses.map(({ ip }) => ({ ip })),
      hostname: hostname.hostname,
      nodename: hostname.hostname,
      operatingSystem: operatingSystemOf(release),
      machineType: isControlPlane ? MachineType.TYPE_CONTROL_PLANE : MachineType.TYPE_WORKER,
      ...(isControlPlane ? { controlPlane: { apiServerPort: KUBERNETES_PORT } } : {}),
    });
  }

  #refresh(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const now = this.#machine.clock.now();
      for (const [id, { expiresMs }] of this.#known) if (expiresMs !== undefined && expiresMs <= now) this.#known.delete(id);
      const self = this.#self();
      const all = [...this.#known.values(), ...(self === undefined ? [] : [{ spec: self, expiresMs: undefined }])];
      await this.#machine.state.as('cluster.MemberController').replaceAll(memberType, membersOf(all, now));
      await this.#write();
    });
    return this.#turn;
  }

  async #write(): Promise<void> {
    const { host, paths, log } = this.#machine;
    const text = affiliatesText(this.#known.values());
    if (text === this.#written || (this.#written === '' && this.#known.size === 0)) return;
    try {
      await host.files.write(paths.membershipFile, text, { mode: 0o600, atomic: true });
      this.#written = text;
    } catch (e) {
      log.warn({ err: messageOf(e) }, 'membership cannot be written to STATE');
    }
  }
}
