import { backoffMs, type Clock, isFault, type Logger, messageOf } from '@minos/base';
import type { Files, Rtnetlink } from '@minos/host';
import { formatNetIpPrefix, nodeAddressType, type State } from '@minos/resource';
import { type NodeAddressMemory, nodeAddresses } from '../address/node-address.ts';
import { type DesiredNetwork, DesiredNetworkWatch } from './desired-network.ts';
import { etcFilesReady } from './etc-files.ts';
import { reportNetwork } from './network-status.ts';
import { keepsAddressMarks } from './ownership.ts';
import { reconcile } from './reconcile.ts';
import { ReportPublisher } from './report-publisher.ts';
import { Wake } from './wake.ts';

/** What the controller works with. */
export interface ControllerDeps {
  readonly rtnetlink: Rtnetlink;
  readonly state: State;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  /** What the paths of the run tree are joined to. */
  readonly runDir: string;
  /** Called once, when the kernel was made equal for the first time. */
  readonly ready: () => void;
}

const OWNER = 'networkd';
/** The kernel tells of one change in several messages; what comes within this time is looked at once. */
const SETTLE_MS = 20;
const RETRY = { firstMs: 250, factor: 2, maxMs: 10_000 };
const WAITING_POLL_MS = 1000;
const ETC_FILES_POLL = { firstMs: 100, factor: 1.5, maxMs: 5000 };

/**
 * Keeps the kernel's network equal to the wanted one and reports it, until aborted. Looks again after every change of
 * what is wanted, every event of the kernel, and, with growing pauses, while a step fails.
 */
export class NetworkController {
  readonly #deps: ControllerDeps;
  readonly #wake = new Wake();
  readonly #desired: DesiredNetworkWatch;
  readonly #publisher: ReportPublisher;
  #memory: NodeAddressMemory | undefined;
  #attempt = 0;
  #lookAgainMs: number | undefined;
  #areEtcFilesReady = false;
  #lastFailures = '';
  #isReady = false;

  constructor(deps: ControllerDeps) {
    this.#deps = deps;
    this.#desired = new DesiredNetworkWatch(deps.state, () => this.#wake.ring());
    this.#publisher = new ReportPublisher({ writer: deps.state.as(OWNER), clock: deps.clock, log: deps.log });
  }

  /** Runs until aborted; throws when the state refuses or the kernel cannot be asked any more. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const parts = [
      this.#followKernel(both),
      this.#desired.run(both),
      this.#publisher.run(both),
      this.#followEtcFiles(both),
      this.#reconcileAlways(both),
    ];
    try {
      await Promise.all(parts);
    } finally {
      stop.abort();
      await Promise.allSettled(parts);
    }
  }

  async #followKernel(signal: AbortSignal): Promise<void> {
    for await (const event of this.#deps.rtnetlink.events(signal)) {
      if (event.kind === 'lost') this.#deps.log.warn({}, 'kernel events lost, all is listed again');
      this.#wake.ring();
    }
  }

  async #followEtcFiles(signal: AbortSignal): Promise<void> {
    const { clock, files, runDir } = this.#deps;
    for (let attempt = 1; !signal.aborted; attempt++) {
      this.#areEtcFilesReady = await etcFilesReady(files, runDir);
      if (this.#areEtcFilesReady) return this.#wake.ring();
      await clock.sleep(backoffMs(ETC_FILES_POLL, attempt), signal).catch(() => undefined);
    }
  }

  async #reconcileAlways(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#wake.next(
          signal,
          this.#lookAgainMs === undefined ? undefined : { clock: this.#deps.clock, ms: this.#lookAgainMs },
        );
        const desired = this.#desired.current();
        if (desired !== undefined) await this.#reconcileOnce(desired);
        await this.#deps.clock.sleep(SETTLE_MS, signal);
      } catch (e) {
        if (signal.aborted) return;
        throw e;
      }
    }
  }

  async #reconcileOnce(desired: DesiredNetwork): Promise<void> {
    const { rtnetlink, log } = this.#deps;
    const { snapshot, failed, isWaiting } = await reconcile(rtnetlink, desired, log);
    if (!this.#isReady && !keepsAddressMarks(snapshot.addresses))
      log.warn({}, 'the kernel keeps no marks of addresses, so none will be removed');
    const node = nodeAddresses(snapshot, this.#memory ?? (await this.#recall()));
    this.#memory = node.memory;
    const areEtcFilesReady = this.#areEtcFilesReady;
    this.#publisher.publish(reportNetwork({ snapshot, desired, nodeAddresses: node.specs, areEtcFilesReady }));
    this.#tellFailures(failed);
    this.#attempt = failed.length > 0 ? this.#attempt + 1 : 0;
    this.#lookAgainMs = failed.length > 0 ? backoffMs(RETRY, this.#attempt) : isWaiting ? WAITING_POLL_MS : undefined;
    if (!this.#isReady) this.#deps.ready();
    this.#isReady = true;
  }

  /** The same failures are told once, not in every round. */
  #tellFailures(failed: readonly { readonly step: { readonly op: string }; readonly err: unknown }[]): void {
    const picture = failed.map(({ step, err }) => `${JSON.stringify(step)} ${messageOf(err)}`).join('\n');
    if (picture === this.#lastFailures) return;
    this.#lastFailures = picture;
    for (const { step, err } of failed) this.#deps.log.warn({ step, err }, 'network not changed');
  }

  /** What NodeAddress said before this process; nothing when the state does not tell. */
  async #recall(): Promise<NodeAddressMemory> {
    const read = async (id: string): Promise<readonly string[]> => {
      try {
        const resource = await this.#deps.state.get(nodeAddressType, id);
        return resource?.spec.addresses.map(formatNetIpPrefix) ?? [];
      } catch (e) {
        if (isFault(e, 'unavailable') || isFault(e, 'denied')) return [];
        throw e;
      }
    };
    const [before, accumulative] = await Promise.all([read('default'), read('accumulative')]);
    return { default: before[0], accumulative };
  }
}
