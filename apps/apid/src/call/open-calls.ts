import type { MethodKind } from '@minos/api';
import type { CallError } from './grpc-status.ts';

/** A call that can be ended before its time. */
export interface Endable {
  /** Ends it with this error for the client, and leaves the other side. */
  abandon(error: CallError): void;
}

interface OpenCall {
  readonly kind: MethodKind;
  readonly call: Endable;
}

/** The calls that run, so that a stopping apid can end them. */
export class OpenCalls {
  readonly #open = new Map<object, OpenCall>();

  /** Takes note of a call under a key that is its own. */
  add(key: object, open: OpenCall): void {
    this.#open.set(key, open);
  }

  remove(key: object): void {
    this.#open.delete(key);
  }

  /** Ends every call that may go on for as long as it likes. */
  endStreams(error: CallError): void {
    for (const { kind, call } of [...this.#open.values()]) if (kind !== 'unary') call.abandon(error);
  }

  /** Ends every call. */
  endAll(error: CallError): void {
    for (const { call } of [...this.#open.values()]) call.abandon(error);
  }
}
