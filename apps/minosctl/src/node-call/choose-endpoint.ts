import { createConnection } from 'node:net';
import { Fault, messageOf, throwIfAborted } from '@minos/base';
import { type Endpoint, endpointText } from './parse-endpoint.ts';

const CONNECT_TIMEOUT_MS = 3000;

/**
 * The first endpoint that takes a TCP connection. A single one is taken unseen: the call itself will say what is wrong.
 * Throws `unavailable`, naming every endpoint and its error, when none does.
 */
export async function chooseEndpoint(endpoints: readonly Endpoint[], signal: AbortSignal): Promise<Endpoint> {
  const [only] = endpoints;
  if (only !== undefined && endpoints.length === 1) return only;
  const errors: string[] = [];
  for (const endpoint of endpoints) {
    throwIfAborted(signal);
    try {
      await connectOnce(endpoint);
      return endpoint;
    } catch (e) {
      errors.push(`${endpointText(endpoint)}: ${messageOf(e)}`);
    }
  }
  throw new Fault(
    'unavailable',
    `no endpoint answers: ${errors.join('; ')}; see whether the nodes are up: minosctl cluster show`,
  );
}

function connectOnce({ host, port }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const settle = (end: () => void): void => {
      socket.destroy();
      end();
    };
    socket.once('connect', () => settle(resolve));
    socket.once('error', (e) => settle(() => reject(e)));
    socket.once('timeout', () => settle(() => reject(new Fault('deadline', `no answer within ${CONNECT_TIMEOUT_MS} ms`))));
  });
}
