import { Fault, isFault, messageOf } from '@minos/base';
import type { ClientTls } from '@minos/rpc';
import type { Endpoint } from '../node-call/parse-endpoint.ts';
import { type Explanation, explainEndpoint } from './explain-endpoint.ts';
import { probeEndpoint } from './probe-endpoint.ts';

/** What a command connected to, and with what. */
export interface Connection {
  readonly endpoint: Endpoint;
  readonly tls: ClientTls;
}

/** Between us and the endpoint. */
export const FIRST_HOP = 'you → endpoint';

/** What grpc-js itself says of a connection, as opposed to what a server answers. */
const OWN_WORDS =
  /^no connection: |^Connection dropped|^read ECONNRESET|^write EPIPE|^The (pending )?stream has been|^(Call|Stream) .*(closed|canceled)|Received RST_STREAM/;
const OWN_DEADLINE = /^Deadline exceeded/;

/** Explains failures of calls over one connection; the endpoint is looked at once, and only when a failure is between us and it. */
export class FailureExplainer {
  readonly #connection: Connection;
  readonly #now: () => number;
  #looked: Promise<Explanation> | undefined;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  /** The same failure with reason, hop, evidence and what to do next, where these can be known; anything else as it is. Never rejects. */
  async explain(error: unknown): Promise<unknown> {
    if (!isFault(error) || error.fields['reason'] !== undefined) return error;
    const isOwn = OWN_WORDS.test(error.message) && (error.kind === 'unavailable' || error.kind === 'internal');
    const isLate = error.kind === 'deadline' && OWN_DEADLINE.test(error.message);
    if (!isOwn && !isLate) return error;
    const found = await this.#look();
    if (found.reason === 'TRANSIENT') return isLate ? unanswered(error) : lost(error, found);
    const { reason, sentence, evidence, next } = found;
    return new Fault(error.kind, sentence, { reason, hop: FIRST_HOP, evidence, next }, { cause: error });
  }

  #look(): Promise<Explanation> {
    const { endpoint, tls } = this.#connection;
    this.#looked ??= probeEndpoint(endpoint, tls).then((seen) => explainEndpoint(seen, { endpoint, tls, nowMs: this.#now() }));
    return this.#looked;
  }
}

function lost(error: Fault, { next }: Explanation): Fault {
  const sentence = 'the connection to the endpoint was lost during the call; it takes connections again';
  const fields = { reason: 'CONNECTION_LOST', hop: FIRST_HOP, evidence: messageOf(error), next };
  return new Fault(error.kind, sentence, fields, { cause: error });
}

function unanswered(error: Fault): Fault {
  const fields = {
    reason: 'NO_ANSWER',
    hop: 'endpoint → node → service',
    evidence: `${error.message}; the endpoint itself takes connections`,
    next: 'minosctl -n <node> version tells whether the node is up, and minosctl -n <node> services which service hangs',
  };
  return new Fault('deadline', 'the endpoint is there, but no answer came through it in time', fields, { cause: error });
}
