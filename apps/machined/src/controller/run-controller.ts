import { type BackoffPolicy, backoffMs, isFault, messageOf } from '@minos/base';
import { diagnosticType } from '@minos/resource';
import { Notice } from '../event/notice.ts';
import type { Controller, ControllerHost } from './controller.ts';
import type { ControllerInput } from './controller-facts.ts';

const BACKOFF: BackoffPolicy = { firstMs: 500, factor: 2, maxMs: 60_000 };

/** Owner of the diagnostics that say which controllers fail. */
export const CONTROLLER_DIAGNOSTICS = 'runtime.ControllerDiagnostics';

/**
 * Keeps a controller's outputs right until aborted: at once, after every change of an input, and as often as it asks. One
 * that throws is tried again with growing waits, and a Diagnostic says so until it works again.
 */
export async function runController<M extends ControllerHost>(
  controller: Controller<M>,
  machine: M,
  signal: AbortSignal,
): Promise<void> {
  const changed = new Notice();
  const following = controller.inputs.map((input) => followInput(input, { machine, changed, signal }));
  const diagnostic = `controller-${controller.name.toLowerCase().replaceAll('.', '-')}`;
  const diagnostics = machine.state.as(CONTROLLER_DIAGNOSTICS);
  const writer = machine.state.as(controller.name);
  for (let failures = 0; !signal.aborted; ) {
    using round = new Round(signal);
    const wakers = [changed.wait(round.signal)];
    if (controller.untilChange !== undefined) wakers.push(controller.untilChange(machine, round.signal));
    try {
      await controller.reconcile(machine, writer);
      if (failures > 0) await diagnostics.remove(diagnosticType, diagnostic);
      failures = 0;
    } catch (e) {
      failures++;
      machine.log.error({ controller: controller.name, failures, err: messageOf(e) }, 'a controller failed, trying it again');
      const details = [messageOf(e), `tried ${failures} times`];
      await diagnostics.put(diagnosticType, diagnostic, { message: `controller ${controller.name} fails`, details });
    }
    const ms = failures > 0 ? backoffMs(BACKOFF, failures) : controller.everyMs;
    if (ms !== undefined) wakers.push(machine.clock.sleep(ms, round.signal).catch(() => undefined));
    await Promise.race(wakers);
  }
  await Promise.all(following);
}

/** Ends everything that one round waits for. */
class Round implements Disposable {
  readonly signal: AbortSignal;
  readonly #end = new AbortController();

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#end.signal]);
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }
}

interface Following {
  readonly machine: ControllerHost;
  readonly changed: Notice;
  readonly signal: AbortSignal;
}

async function followInput({ type, id }: ControllerInput, { machine, changed, signal }: Following): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of machine.state.watch(type, id === undefined ? {} : { id }, signal)) {
        if (event.kind !== 'bootstrapped') changed.wake();
      }
      return;
    } catch (e) {
      if (signal.aborted) return;
      // Too slow a reader begins again: what stands is seen as created once more.
      if (!isFault(e, 'exhausted')) machine.log.error({ type: type.type, err: messageOf(e) }, 'an input cannot be watched');
      if (!isFault(e, 'exhausted')) return;
    }
  }
}
