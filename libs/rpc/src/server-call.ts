import type {
  Metadata,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import { Fault, isFault, type Logger } from '@minos/base';
import { fromGrpcMetadata } from './call-metadata.ts';
import type { CallContext, UntypedHandler } from './handler.ts';
import { toStatus } from './status.ts';

/** Decides whether a call may go on and which roles it has; throws a Fault to refuse. */
export type Authorize = (call: Omit<CallContext, 'roles' | 'signal'>) => ReadonlySet<string>;

/** What every call of a server shares. */
export interface CallSetup {
  readonly method: string;
  readonly handler: UntypedHandler | undefined;
  readonly authorize: Authorize;
  readonly log: Logger;
}

interface AnyCall {
  readonly metadata: Metadata;
  getPeer(): string;
  once(event: 'cancelled', listener: () => void): unknown;
}

interface Begun {
  readonly handler: UntypedHandler;
  readonly context: CallContext;
}

/** Answers a method with one reply. */
export async function answerUnary(
  setup: CallSetup,
  call: ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown>,
  reply: sendUnaryData<unknown>,
): Promise<void> {
  try {
    const { handler, context } = begin(setup, call);
    const input = 'request' in call ? call.request : requestsOf(call);
    const answer = handler(input, context);
    if (!isPromise(answer))
      throw new Fault('internal', 'a handler of a unary method must return a promise', { method: setup.method });
    reply(null, await answer);
  } catch (e) {
    reply(failed(setup, e));
  }
}

/** Answers a method with a stream of replies; the next reply is asked for only when there is room for it. */
export async function answerStream(
  setup: CallSetup,
  call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>,
): Promise<void> {
  try {
    const { handler, context } = begin(setup, call);
    const input = 'request' in call ? call.request : requestsOf(call);
    const answers = handler(input, context);
    if (isPromise(answers))
      throw new Fault('internal', 'a handler of a streaming method must return an iterable', { method: setup.method });
    for await (const answer of answers) {
      if (context.signal.aborted) break;
      if (!call.write(answer)) await drained(call, context.signal);
    }
    call.end();
  } catch (e) {
    call.emit('error', failed(setup, e));
  }
}

/** The requests of a stream; their end must not destroy a duplex stream whose replies are still to be written. */
function requestsOf(call: ServerReadableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>): AsyncIterable<unknown> {
  return call.iterator({ destroyOnReturn: false });
}

function begin(setup: CallSetup, call: AnyCall): Begun {
  const stop = new AbortController();
  call.once('cancelled', () => stop.abort(new Fault('cancelled', 'the caller is gone')));
  const known = { method: setup.method, metadata: fromGrpcMetadata(call.metadata), peer: call.getPeer() };
  const roles = setup.authorize(known);
  if (setup.handler === undefined) {
    throw new Fault('unimplemented', `${setup.method} is not implemented by this node yet`, { method: setup.method });
  }
  return { handler: setup.handler, context: { ...known, roles, signal: stop.signal } };
}

function failed(setup: CallSetup, e: unknown): ReturnType<typeof toStatus> {
  if (!isFault(e) || e.kind === 'internal') setup.log.error({ method: setup.method, err: e }, 'call failed');
  else setup.log.debug({ method: setup.method, err: e }, 'call refused');
  return toStatus(e);
}

function isPromise(value: Promise<unknown> | AsyncIterable<unknown>): value is Promise<unknown> {
  return 'then' in value;
}

function drained(
  call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
