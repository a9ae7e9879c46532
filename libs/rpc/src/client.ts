import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  credentials,
  Client as GrpcClient,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import { cancelled, type Fault, isFault } from '@minos/base';
import { type CallMetadata, fromGrpcMetadata, type OutgoingMetadata, toGrpcMetadata } from './call-metadata.ts';
import {
  type MethodDefinition,
  type MethodsByName,
  methodPath,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
} from './definition.ts';
import type { RpcChannel } from './dial.ts';
import { grpcMethod } from './grpc-method.ts';
import { MemoryRelief } from './memory-relief.ts';
import { fromServiceError } from './status.ts';

/** What one call may carry besides its message. */
export interface CallOptions {
  readonly metadata?: OutgoingMetadata;
  /** Aborting it cancels the call on the other side too. */
  readonly signal?: AbortSignal;
  /** Sent as `grpc-timeout`; the call fails with a `deadline` Fault after it. */
  readonly timeoutMs?: number;
  /** Called when the call begins, with the path of its method; gives whom to tell how it goes. */
  readonly observe?: (path: string) => CallObserver;
}

/** Who hears how a call goes, besides the one who made it. */
export interface CallObserver {
  /** Headers of the answer came. */
  answered(): void;
  /** It is over, with these trailers; `error` is what it failed with. */
  ended(trailers: CallMetadata, error: string | undefined): void;
}

/** A call for each of the four shapes of a method. Streams fail with a Fault where they broke; leaving the loop cancels the call. */
export type Call<M extends MethodDefinition> = M['requestStream'] extends true
  ? M['responseStream'] extends true
    ? (requests: AsyncIterable<RequestOf<M>>, options?: CallOptions) => AsyncIterable<ResponseOf<M>>
    : (requests: AsyncIterable<RequestOf<M>>, options?: CallOptions) => Promise<ResponseOf<M>>
  : M['responseStream'] extends true
    ? (request: RequestOf<M>, options?: CallOptions) => AsyncIterable<ResponseOf<M>>
    : (request: RequestOf<M>, options?: CallOptions) => Promise<ResponseOf<M>>;

/** A client of a service, with methods by their names in proto/. */
export type Client<D extends ServiceDefinition> = {
  readonly [K in keyof MethodsByName<D>]: MethodsByName<D>[K] extends MethodDefinition ? Call<MethodsByName<D>[K]> : never;
};

type SurfaceCall = AnyStream | ClientWritableStream<unknown> | ClientUnaryCall;
type AnyStream = ClientReadableStream<unknown> | ClientDuplexStream<unknown, unknown>;

/** Makes a client; every call may throw a Fault whose kind is the gRPC code of the answer. */
export function client<D extends ServiceDefinition>(channel: RpcChannel, definition: D): Client<D> {
  const grpc = new GrpcClient('', credentials.createInsecure(), { channelOverride: channel.grpc });
  const relief = new MemoryRelief();
  const calls: Record<string, (input: unknown, options?: CallOptions) => unknown> = {};
  for (const method of Object.values(definition.methods)) {
    const path = methodPath(definition, method);
    calls[method.name] = method.responseStream
      ? (input, options) => streamingCall({ grpc, path, method, relief, options: options ?? {} }, input)
      : (input, options) => unaryCall({ grpc, path, method, relief, options: options ?? {} }, input);
  }
  // The mapped type says per method what the loop above builds; the definition is the proof.
  return calls as Client<D>;
}

interface Outgoing {
  readonly grpc: GrpcClient;
  readonly path: string;
  readonly method: MethodDefinition;
  readonly relief: MemoryRelief;
  readonly options: CallOptions;
}

function callOptions(options: CallOptions): { deadline?: number } {
  return options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
}

function unaryCall({ grpc, path, method, relief, options }: Outgoing, input: unknown): Promise<unknown> {
  const { requestSerialize, responseDeserialize } = grpcMethod(path, method, relief);
  const metadata = toGrpcMetadata(options.metadata ?? {});
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(cancelled(options.signal));
    const done = (e: unknown, answer?: unknown): void => {
      options.signal?.removeEventListener('abort', stop);
      if (e !== null && e !== undefined) reject(fault(e, options));
      else resolve(answer);
    };
    const call = method.requestStream
      ? grpc.makeClientStreamRequest(path, requestSerialize, responseDeserialize, metadata, callOptions(options), done)
      : grpc.makeUnaryRequest(path, requestSerialize, responseDeserialize, input, metadata, callOptions(options), done);
    observe(call, path, options);
    const stop = (): void => call.cancel();
    options.signal?.addEventListener('abort', stop, { once: true });
    if (method.requestStream && isIterable(input)) feed(call as ClientWritableStream<unknown>, input).catch(() => call.cancel());
  });
}

async function* streamingCall(
  { grpc, path, method, relief, options }: Outgoing,
  input: unknown,
): AsyncGenerator<unknown, void, undefined> {
  if (options.signal?.aborted) throw cancelled(options.signal);
  const { requestSerialize, responseDeserialize } = grpcMethod(path, method, relief);
  const metadata = toGrpcMetadata(options.metadata ?? {});
  const call: AnyStream = method.requestStream
    ? grpc.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, callOptions(options))
    : grpc.makeServerStreamRequest(path, requestSerialize, responseDeserialize, input, metadata, callOptions(options));
  const stop = (): void => call.cancel();
  options.signal?.addEventListener('abort', stop, { once: true });
  call.on('error', () => undefined);
  observe(call, path, options);
  if (method.requestStream && isIterable(input)) feed(call as ClientDuplexStream<unknown, unknown>, input).catch(stop);
  try {
    yield* call;
  } catch (e) {
    throw fault(e, options);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    call.cancel();
  }
}

function observe(call: SurfaceCall, path: string, options: CallOptions): void {
  const observer = options.observe?.(path);
  if (observer === undefined) return;
  call.on('metadata', () => observer.answered());
  call.on('status', ({ code, details, metadata }: StatusObject) =>
    observer.ended(fromGrpcMetadata(metadata), code === status.OK ? undefined : details),
  );
}

async function feed(call: ClientWritableStream<unknown>, input: AsyncIterable<unknown>): Promise<void> {
  for await (const message of input) {
    if (!call.write(message)) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}

function fault(e: unknown, options: CallOptions): Fault {
  if (options.signal?.aborted) return cancelled(options.signal);
  return isFault(e) ? e : fromServiceError(e);
}

function isIterable(input: unknown): input is AsyncIterable<unknown> {
  return typeof input === 'object' && input !== null && Symbol.asyncIterator in input;
}
