import { aborted, type Clock, type Logger, messageOf } from '@minos/base';
import { affiliateType, type State, type StateWriter } from '@minos/resource';
import { type Affiliate, EXPIRES } from './affiliate.ts';

/** What the membership needs. */
export interface MembershipDeps {
  readonly state: State;
  readonly clock: Clock;
  readonly log: Logger;
}

const OWNER = 'trustd';
/** Nodes that are published; beyond that, those whose certificates end first are dropped. */
const MAX_NODES = 1024;
const SWEEP_MS = 60_000;

/** Publishes the nodes that were signed for, until their certificates end. Failures are logged and hold nothing up. */
export class Membership {
  readonly #writer: StateWriter;
  readonly #deps: MembershipDeps;
  readonly #nodes = new Map<string, Affiliate>();

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
    this.#writer = deps.state.as(OWNER);
  }

  /** Takes over what an earlier run published, then removes what has ended, again and again, until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#adopt(), aborted(signal)]);
    while (!signal.aborted) {
      await this.#deps.clock.sleep(SWEEP_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.#sweep();
    }
  }

  /** Publishes a node; one that is published already only when something differs. */
  async add(node: Affiliate): Promise<void> {
    this.#nodes.set(node.id, node);
    const annotations = { [EXPIRES]: new Date(node.expiresMs).toISOString() };
    try {
      await this.#writer.put(affiliateType, node.id, node.spec, { annotations });
    } catch (e) {
      this.#deps.log.warn({ node: node.id, err: messageOf(e) }, 'membership was not published');
    }
    if (this.#nodes.size > MAX_NODES) await this.#sweep();
  }

  async #adopt(): Promise<void> {
    try {
      for (const { metadata, spec } of await this.#deps.state.list(affiliateType)) {
        const expiresMs = Date.parse(metadata.annotations[EXPIRES] ?? '');
        if (metadata.owner !== OWNER || Number.isNaN(expiresMs) || this.#nodes.has(metadata.id)) continue;
        await this.add({ id: metadata.id, spec, expiresMs });
      }
    } catch (e) {
      this.#deps.log.info({ err: messageOf(e) }, 'earlier membership is not known');
    }
  }

  async #sweep(): Promise<void> {
    const now = this.#deps.clock.now();
    const byEnd = [...this.#nodes.values()].sort((a, b) => a.expiresMs - b.expiresMs);
    const tooMany = Math.max(0, byEnd.length - MAX_NODES);
    for (const [i, node] of byEnd.entries()) {
      if (node.expiresMs > now && i >= tooMany) break;
      this.#nodes.delete(node.id);
      try {
        await this.#writer.remove(affiliateType, node.id);
      } catch (e) {
        this.#deps.log.warn({ node: node.id, err: messageOf(e) }, 'membership was not withdrawn');
      }
    }
  }
}
