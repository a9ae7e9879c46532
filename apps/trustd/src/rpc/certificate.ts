import { type CertificateRequest, type CertificateResponse, SecurityServiceDefinition } from '@minos/api/security';
import { type Clock, Fault, type Logger } from '@minos/base';
import { type BoundService, bindService, type CallContext } from '@minos/rpc';
import type { TrustMaterial } from '../material/trust-material.ts';
import { affiliateOf, OPERATING_SYSTEM } from '../membership/affiliate.ts';
import type { Membership } from '../membership/membership.ts';
import { type Answer, answerRequest } from '../request/answer-request.ts';
import type { AttemptLimit } from '../token/attempt-limit.ts';
import { checkToken } from '../token/check-token.ts';
import { peerAddress } from './peer-address.ts';

/** What the handler needs. */
export interface CertificateDeps {
  /** What was last told; undefined before anything was. */
  readonly material: () => TrustMaterial | undefined;
  readonly limit: AttemptLimit;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly log: Logger;
}

/** securityapi.SecurityService: a token and a request in, a certificate and the accepted authorities out. */
export function securityService(deps: CertificateDeps): BoundService {
  return bindService(SecurityServiceDefinition, { Certificate: (request, context) => certificate(deps, request, context) });
}

async function certificate(
  deps: CertificateDeps,
  request: CertificateRequest,
  context: CallContext,
): Promise<CertificateResponse> {
  const address = peerAddress(context.peer);
  if (address === undefined) throw new Fault('denied', 'the caller has no address');
  const material = deps.material();
  if (material === undefined) throw new Fault('unavailable', 'this node does not know its secrets yet; try again');
  authenticate(deps, { context, address, token: material.token });
  const answer = sign(deps, { csr: request.csr, material, peer: context.peer });
  const node = affiliateOf(answer.issued, address, context.metadata.first(OPERATING_SYSTEM));
  if (!answer.issued.ipAddresses.includes(address)) {
    deps.log.warn({ peer: context.peer, node: node.id }, 'certificate is not for the address that asked for it');
  }
  deps.log.info(
    {
      peer: context.peer,
      node: node.id,
      expires: new Date(node.expiresMs).toISOString(),
      fingerprint: answer.issued.spkiFingerprint,
    },
    'certificate issued',
  );
  await deps.membership.add(node);
  return { ca: Buffer.from(answer.bundlePem), crt: Buffer.from(answer.certPem) };
}

interface Caller {
  readonly context: CallContext;
  readonly address: string;
  readonly token: string;
}

/** Admits the right token; throws a Fault `unauthenticated`, or `exhausted` for an address that guesses. */
function authenticate({ limit, log }: CertificateDeps, { context, address, token }: Caller): void {
  const peer = context.peer;
  if (!limit.mayTry(address)) {
    log.warn({ peer, reason: 'too many wrong tokens' }, 'certificate refused');
    throw new Fault('exhausted', 'too many wrong tokens from this address; try again in a second');
  }
  const verdict = checkToken(context.metadata.first('token'), token);
  if (verdict === 'right') return;
  limit.countWrong(address);
  const reason = verdict === 'missing' ? 'missing token' : 'invalid token';
  log.warn({ peer, reason }, 'certificate refused');
  throw new Fault('unauthenticated', reason);
}

interface Signing {
  readonly csr: Uint8Array;
  readonly material: TrustMaterial;
  readonly peer: string;
}

function sign({ clock, log }: CertificateDeps, { csr, material, peer }: Signing): Answer {
  try {
    return answerRequest(Buffer.from(csr).toString('latin1'), material, clock.now());
  } catch (err) {
    log.warn({ peer, err }, 'certificate refused');
    throw err;
  }
}
