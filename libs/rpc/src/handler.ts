import type { CallMetadata } from './call-metadata.ts';
import type { MethodDefinition, MethodsByName, RequestOf, ResponseOf, ServiceDefinition } from './definition.ts';

/** What a handler knows about its call besides the request. */
export interface CallContext {
  /** Full path of the method. */
  readonly method: string;
  readonly metadata: CallMetadata;
  /** Aborted when the caller is gone, cancelled, or out of time. */
  readonly signal: AbortSignal;
  /** Address of the other end, for logs. */
  readonly peer: string;
  /** Roles that the caller has; filled in by the server's `authorize`, empty without one. */
  readonly roles: ReadonlySet<string>;
}

/** A handler for each of the four shapes of a method. */
export type Handler<M extends MethodDefinition> = M['requestStream'] extends true
  ? M['responseStream'] extends true
    ? (requests: AsyncIterable<RequestOf<M>>, context: CallContext) => AsyncIterable<ResponseOf<M>>
    : (requests: AsyncIterable<RequestOf<M>>, context: CallContext) => Promise<ResponseOf<M>>
  : M['responseStream'] extends true
    ? (request: RequestOf<M>, context: CallContext) => AsyncIterable<ResponseOf<M>>
    : (request: RequestOf<M>, context: CallContext) => Promise<ResponseOf<M>>;

/** Handlers of a whole service by the names in proto/; every method must be there. */
export type Implementation<D extends ServiceDefinition> = {
  readonly [K in keyof MethodsByName<D>]: MethodsByName<D>[K] extends MethodDefinition ? Handler<MethodsByName<D>[K]> : never;
};

/** A handler whose messages are not known at compile time any more. */
export type UntypedHandler = (input: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;

/** A service with its handlers, ready to be served. */
export interface BoundService {
  readonly definition: ServiceDefinition;
  readonly handlers: ReadonlyMap<string, UntypedHandler>;
}

/**
 * Binds handlers to a service. A method without a handler answers UNIMPLEMENTED with a sentence, so that a service may
 * be built up group by group.
 */
export function bindService<D extends ServiceDefinition>(
  definition: D,
  implementation: Partial<Implementation<D>>,
): BoundService {
  const handlers = new Map<string, UntypedHandler>();
  for (const [name, handler] of Object.entries(implementation)) {
    if (typeof handler === 'function') handlers.set(name, (input, context) => handler(input, context));
  }
  return { definition, handlers };
}
