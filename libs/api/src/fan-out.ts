import { Fault } from '@minos/base';
import { grpcErrorText } from './grpc-code.ts';
import { field, fields, varintField, type WireField } from './wire-field.ts';

/**
 * The shape of replies under a fan-out. `unary`: field 1 is a repeated element, and field 1 of each element its
 * `common.Metadata`. `stream`: field 1 of the reply is the metadata.
 */
export type ReplyKind = 'unary' | 'stream';

/** Why a call to one node failed. */
export interface NodeError {
  /** A gRPC status code, not negative; 2 (Unknown) when the failure had none. */
  readonly code: number;
  readonly message: string;
  /** The node's own `google.rpc.Status`, as it came in `grpc-status-details-bin`; made from code and message when absent. */
  readonly status?: Buffer;
}

const MESSAGES = 1;
const METADATA = 1;
const HOSTNAME = 1;
const ERROR = 2;
const STATUS = 3;
const STATUS_CODE = 1;
const STATUS_MESSAGE = 2;

/**
 * Adds the name of the answering node to a reply, without knowing its type: every element of a unary reply (an empty
 * reply becomes one element), or the one message of a stream. Metadata that the node has set already stays: it is put
 * together with ours into a single field, because some decoders (ts-proto's and protobufjs's among them) keep only the
 * last occurrence of a sub-message, although protobuf says that occurrences merge.
 * @throws Fault `internal` when the body is not a message of that shape.
 */
export function appendInfo(body: Buffer, hostname: string, kind: ReplyKind): Buffer {
  if (kind === 'stream') return Buffer.concat(namedParts(body, hostname));
  const name = field(HOSTNAME, Buffer.from(hostname));
  const parts: Buffer[] = [];
  let elements = 0;
  for (const part of fields(body)) {
    if (part.number === MESSAGES) {
      elements += 1;
      parts.push(field(MESSAGES, Buffer.concat(withMetadata(payloadOf(part), name))));
    } else {
      parts.push(part.bytes);
    }
  }
  if (elements === 0) parts.push(field(MESSAGES, field(METADATA, name)));
  return Buffer.concat(parts);
}

/** The same for a message of a stream, as parts that make the result one after the other: parts of the body are not copied. */
export function namedParts(body: Buffer, hostname: string): Buffer[] {
  return withMetadata(body, field(HOSTNAME, Buffer.from(hostname)));
}

/** The message that stands for a node which failed: nothing but metadata with the node's name and its error. */
export function buildError(hostname: string, error: NodeError, kind: ReplyKind): Buffer {
  const metadata = [
    field(HOSTNAME, Buffer.from(hostname)),
    field(ERROR, Buffer.from(grpcErrorText(error))),
    field(STATUS, error.status ?? statusOf(error)),
  ];
  const element = field(METADATA, Buffer.concat(metadata));
  return kind === 'stream' ? element : field(MESSAGES, element);
}

function statusOf(error: NodeError): Buffer {
  return Buffer.concat([varintField(STATUS_CODE, error.code), field(STATUS_MESSAGE, Buffer.from(error.message))]);
}

/** A message with these metadata fields added to its field 1, all occurrences of which become one at the end. */
function withMetadata(message: Buffer, added: Buffer): Buffer[] {
  const rest: Buffer[] = [];
  const metadata: Buffer[] = [];
  for (const part of fields(message)) {
    if (part.number === METADATA) metadata.push(payloadOf(part));
    else rest.push(part.bytes);
  }
  const whole = metadata.length === 0 ? [message] : rest;
  return [...whole, field(METADATA, Buffer.concat([...metadata, added]))];
}

function payloadOf(part: WireField): Buffer {
  if (part.payload === undefined)
    throw new Fault('internal', 'reply has a number where its metadata should be', { field: part.number });
  return part.payload;
}
