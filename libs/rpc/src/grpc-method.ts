import type { MethodDefinition } from './definition.ts';
import type { MemoryRelief } from './memory-relief.ts';

/** The shape that grpc-js wants for one method; every message that passes is counted by `relief`. */
export function grpcMethod(path: string, method: MethodDefinition, relief: MemoryRelief) {
  const serialize =
    (type: MethodDefinition['requestType']) =>
    (message: unknown): Buffer => {
      const bytes = type.encode(message).finish();
      relief.passed(bytes.length);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    };
  const deserialize =
    (type: MethodDefinition['requestType']) =>
    (bytes: Buffer): unknown => {
      relief.passed(bytes.length);
      return type.decode(bytes);
    };
  return {
    path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: serialize(method.requestType),
    requestDeserialize: deserialize(method.requestType),
    responseSerialize: serialize(method.responseType),
    responseDeserialize: deserialize(method.responseType),
  };
}
