import { backoffMs, type Clock, isFault, type Logger } from '@minos/base';
import {
  addressStatusType,
  hostnameStatusType,
  linkStatusType,
  networkStatusType,
  nodeAddressType,
  type ResourceType,
  resolverStatusType,
  routeStatusType,
  type StateWriter,
} from '@minos/resource';
import type { NetworkReport } from './network-status.ts';
import { Wake } from './wake.ts';

/** What the publisher needs. */
export interface PublisherDeps {
  readonly writer: StateWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

const RETRY = { firstMs: 100, factor: 2, maxMs: 5000 };

/** Writes the latest report into the state, apart from reconciliation: a state that is slow or away holds nothing up. */
export class ReportPublisher {
  readonly #deps: PublisherDeps;
  readonly #wake = new Wake();
  readonly #written = new Map<string, string>();
  #latest: NetworkReport | undefined;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  /** Takes a report; an older one that is not written yet is left out. */
  publish(report: NetworkReport): void {
    this.#latest = report;
    this.#wake.ring();
  }

  /** Writes until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      try {
        if (attempt === 0) await this.#wake.next(signal);
        else await this.#deps.clock.sleep(backoffMs(RETRY, attempt), signal);
        await this.#write();
        attempt = 0;
      } catch (err) {
        if (signal.aborted) return;
        attempt += 1;
        const isFirst = attempt === 1;
        if (isFirst && !isFault(err, 'unavailable')) this.#deps.log.warn({ err }, 'status refused, it is tried again');
        else this.#deps.log.debug({ err, attempt }, 'status not written yet');
      }
    }
  }

  async #write(): Promise<void> {
    const report = this.#latest;
    if (report === undefined) return;
    await this.#replace(linkStatusType, report.links);
    await this.#replace(addressStatusType, report.addresses);
    await this.#replace(routeStatusType, report.routes);
    await this.#replace(hostnameStatusType, report.hostname);
    await this.#replace(resolverStatusType, report.resolvers);
    await this.#replace(nodeAddressType, report.nodeAddresses);
    await this.#replace(networkStatusType, report.network);
  }

  async #replace<S>(type: ResourceType<S>, specs: ReadonlyMap<string, S>): Promise<void> {
    const content = contentOf(type, specs);
    if (this.#written.get(type.type) === content) return;
    await this.#deps.writer.replaceAll(type, specs);
    this.#written.set(type.type, content);
  }
}

function contentOf<S>(type: ResourceType<S>, specs: ReadonlyMap<string, S>): string {
  return [...specs].map(([id, spec]) => `${id} ${Buffer.from(type.codec.encode(spec).finish()).toString('base64')}`).join('\n');
}
