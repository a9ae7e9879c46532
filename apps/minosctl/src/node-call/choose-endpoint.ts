import { createConnection } from 'node:net';
import { Fault, messageOf, throwIfAborted } from '@minos/base';
import { explainEndpoint } from '../explain/explain-endpoint.ts';
import { FIRST_HOP } from '../explain/explain-failure.ts';
import { type Endpoint, endpointText } from './parse-endpoint.ts';

const CONNECT_TIMEOUT_MS = 3000;

/** The first endpoint that takes a TCP connection. Throws `unavailable`, naming every endpoint and what is wrong with it, when none does. */
export async function chooseEndpoint(endpoints: readonly Endpoint[], signal: AbortSignal): Promise<Endpoint> {
  const problems: Problem[] = [];
  for (const endpoint of endpoints) {
    throwIfAborted(signal);
    const problem = await connectOnce(endpoint);
    if (problem === undefined) return endpoint;
    problems.push({ endpoint, ...problem });
  }
  throw noEndpoint(problems);
}

interface Problem {
  readonly endpoint: Endpoint;
  readonly code: string;
  readonly message: string;
}

function noEndpoint(problems: readonly Problem[]): Fault {
  const explained = problems.map(({ endpoint, code, message }) =>
    explainEndpoint({ kind: 'no-connection', code, message }, { endpoint, tls: { ca: undefined }, nowMs: 0 }),
  );
  const evidence = problems.map(({ endpoint, message }) => `${endpointText(endpoint)}: ${message}`).join('; ');
  const [first] = explained;
  const reason = explained.every((one) => one.reason === first?.reason) ? first?.reason : 'NO_ENDPOINT';
  const sentence =
    explained.length === 1 ? first?.sentence : `no endpoint answers: ${explained.map((e) => e.sentence).join('; ')}`;
  return new Fault('unavailable', sentence ?? 'there is no endpoint', { reason, hop: FIRST_HOP, evidence, next: first?.next });
}

function connectOnce({ host, port }: Endpoint): Promise<Omit<Problem, 'endpoint'> | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const settle = (answer: Omit<Problem, 'endpoint'> | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(undefined));
    socket.on('error', (e) => settle({ code: 'code' in e ? String(e.code) : 'UNKNOWN', message: messageOf(e) }));
    socket.once('timeout', () => settle({ code: 'ETIMEDOUT', message: `no answer within ${CONNECT_TIMEOUT_MS} ms` }));
  });
}
