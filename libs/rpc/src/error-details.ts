import { Metadata } from '@grpc/grpc-js';
import { ErrorInfo, Status } from '@minos/api/google';
import type { FaultFields } from '@minos/base';

const HEADER = 'grpc-status-details-bin';
const TYPE = 'type.googleapis.com/google.rpc.ErrorInfo';

/** What a google.rpc.ErrorInfo in an error's trailers says: `reason` and its metadata (hop, evidence, next); empty without one, or with bytes that are none. */
export function errorDetails(e: object): FaultFields {
  if (!('metadata' in e) || !(e.metadata instanceof Metadata)) return {};
  const [bytes] = e.metadata.get(HEADER);
  return Buffer.isBuffer(bytes) ? decodeErrorDetails(bytes) : {};
}

/** The same for the bytes of a google.rpc.Status; pure. */
export function decodeErrorDetails(bytes: Buffer): FaultFields {
  try {
    const found = Status.decode(bytes).details.find(({ typeUrl }) => typeUrl === TYPE);
    if (found === undefined) return {};
    const { reason, metadata } = ErrorInfo.decode(found.value);
    return { ...metadata, reason };
  } catch {
    // Details explain an error; when they cannot be read, the error itself is still told.
    return {};
  }
}
