import { HealthCheckResponse, HealthCheckResponse_ServingStatus, HealthDefinition } from '@minos/api/health';
import { aborted, Fault } from '@minos/base';
import { type BoundService, bindService } from '@minos/rpc';

/** Whether a daemon serves, and how to learn of a change. */
export interface ServingSource {
  isServing(): boolean;
  /** Calls the listener after each change until the returned function is called; without it a watch tells the first state only. */
  onChange?(listener: () => void): () => void;
}

/** A serving state that its owner sets. */
export class ServingSwitch implements ServingSource {
  #isServing = false;
  readonly #listeners = new Set<() => void>();

  isServing(): boolean {
    return this.#isServing;
  }

  /** Tells every watcher when it differs from before. */
  set(isServing: boolean): void {
    if (this.#isServing === isServing) return;
    this.#isServing = isServing;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** grpc.health.v1 over one source, for the daemon as a whole (name '') and under the names in `services`. */
export function healthService(source: ServingSource, services: readonly string[] = []): BoundService {
  const isKnown = (name: string): boolean => name === '' || services.includes(name);
  return bindService(HealthDefinition, {
    Check: async ({ service }) => {
      if (!isKnown(service)) throw new Fault('missing', `no service ${JSON.stringify(service)} here`, { service });
      return reply(statusOf(source));
    },
    Watch: (request, { signal }) => watch(source, isKnown(request.service), signal),
  });
}

async function* watch(source: ServingSource, isKnown: boolean, signal: AbortSignal): AsyncGenerator<HealthCheckResponse> {
  if (!isKnown) {
    yield reply(HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN);
    return await aborted(signal);
  }
  let wake = (): void => undefined;
  const forget = source.onChange?.(() => wake());
  try {
    for (let told: HealthCheckResponse_ServingStatus | undefined; !signal.aborted; ) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const status = statusOf(source);
      if (status !== told) yield reply(status);
      told = status;
      if (statusOf(source) === told) await Promise.race([changed, aborted(signal)]);
    }
  } finally {
    forget?.();
  }
}

function statusOf(source: ServingSource): HealthCheckResponse_ServingStatus {
  return source.isServing() ? HealthCheckResponse_ServingStatus.SERVING : HealthCheckResponse_ServingStatus.NOT_SERVING;
}

function reply(status: HealthCheckResponse_ServingStatus): HealthCheckResponse {
  return HealthCheckResponse.fromPartial({ status });
}
