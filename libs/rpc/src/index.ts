export type { CallMetadata, OutgoingMetadata } from './call-metadata.ts';
export { type Call, type CallObserver, type CallOptions, type Client, client } from './client.ts';
export {
  type MessageCodec,
  type MethodDefinition,
  methodPath,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
} from './definition.ts';
export { type ClientTls, channelReady, type DialTarget, dial, type RpcChannel } from './dial.ts';
export { decodeErrorDetails } from './error-details.ts';
export { type BoundService, bindService, type CallContext, type Handler, type Implementation } from './handler.ts';
export { NodeHttp2, type NodeHttp2Owner, type NodeStream } from './node-http2.ts';
export { type Admission, type ListenAddress, MAX_MESSAGE_BYTES, type RpcServer, type ServeOptions, serve } from './serve.ts';
export type { Authorize } from './server-call.ts';
export { codeOf, fromServiceError, kindOf, toStatus } from './status.ts';
