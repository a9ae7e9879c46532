import type { CertSANSpec, OSRootSpec } from '@minos/api/resource-specs';
import { apiCertificatesType, trustdCertificatesType } from '@minos/resource';
import { issueCertificates } from './issue-certificates.ts';
import { API_OWNER, type SecretsDeps, sleepTowards, TRUSTD_OWNER } from './secrets-deps.ts';

/** What a control plane has to be known. */
export interface LocalInputs {
  readonly root: OSRootSpec;
  readonly sans: CertSANSpec;
}

/** A control plane keeps its own certificates good from its own authority, until the signal is aborted: renewed at half of their life. */
export async function runLocalAuthority(deps: SecretsDeps, inputs: LocalInputs, signal: AbortSignal): Promise<void> {
  const { state, clock, log, keep } = deps;
  while (!signal.aborted) {
    const [api, trustd] = await Promise.all([state.get(apiCertificatesType, 'api'), state.get(trustdCertificatesType, 'trustd')]);
    const result = issueCertificates({ ...inputs, api: api?.spec, trustd: trustd?.spec, nowMs: clock.now() });
    if (result === undefined) {
      log.error({}, 'this control plane has no authority to issue certificates from');
      return;
    }
    if (signal.aborted) return;
    await state.as(API_OWNER).put(apiCertificatesType, 'api', result.api);
    await state.as(TRUSTD_OWNER).put(trustdCertificatesType, 'trustd', result.trustd);
    if (result.issued.length > 0) {
      log.info({ issued: result.issued, untilMs: result.untilMs }, 'certificates issued');
      await keep.save({ api: result.api, trustd: result.trustd });
    }
    await sleepTowards(clock, result.untilMs, signal);
  }
}
