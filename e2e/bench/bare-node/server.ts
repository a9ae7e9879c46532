// The least that answers over gRPC: grpc-js, one method, no TLS. tools/bench/vm makes a machine of it, to compare a boot with.
import { Server, ServerCredentials } from '@grpc/grpc-js';

const PORT = 50_000;
const asIs = (bytes: Buffer): Buffer => bytes;
const method = {
  path: '/bare.Bare/Answer',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

const server = new Server();
server.addService(
  { answer: method },
  { answer: (_call: unknown, done: (error: null, reply: Buffer) => void) => done(null, Buffer.alloc(0)) },
);
server.bindAsync(`0.0.0.0:${PORT}`, ServerCredentials.createInsecure(), (error) => console.log(error?.message ?? 'serving'));
