import { Field, Head } from '@minos/http2';
import type { CallFront } from './call-front.ts';
import { statusWithInfo } from './error-info.ts';
import { encodeGrpcMessage } from './grpc-message.ts';
import { type CallError, Status } from './grpc-status.ts';
import { withTrace } from './hop-trace.ts';

const OK = new Field(':status', '200');
const CONTENT_TYPE = new Field('content-type', 'application/grpc');

/** Headers of an answer that apid makes itself. */
export const REPLY_HEAD: Head = new Head([OK, CONTENT_TYPE], true);

/** Trailers of one that went well. */
export const REPLY_OK: Head = new Head([new Field('grpc-status', String(Status.ok))], true);

/** Ends a call with a status: in the headers alone when none went out yet, else in trailers; with a trace where one was asked for. */
export function endWith(half: CallFront, { code, message, info }: CallError, trace: readonly string[] = []): void {
  const status = [new Field('grpc-status', String(code)), new Field('grpc-message', encodeGrpcMessage(message))];
  if (info !== undefined) {
    // Without padding, as gRPC wants it.
    const details = statusWithInfo(code, message, info).toString('base64').replace(/=+$/, '');
    status.push(new Field('grpc-status-details-bin', details));
  }
  const head = new Head(half.isHeadSent ? status : [OK, CONTENT_TYPE, ...status]);
  half.head(trace.length === 0 ? head : withTrace(head, trace), true);
}

/** Answers something that is not gRPC with an HTTP status alone. */
export function endWithHttp(half: CallFront, status: number): void {
  half.head(new Head([new Field(':status', String(status))]), true);
}
