import type { Clock, Logger } from '@minos/base';
import type { State } from '@minos/resource';
import type { CertificateKeep } from './certificate-keep.ts';

/** What the keepers of certificates need. */
export interface SecretsDeps {
  readonly state: State;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keep: CertificateKeep;
  /** URL of the control plane in the configuration in force; empty when it has none. Asked again after each change of MachineConfig. */
  readonly controlPlaneEndpoint: () => string;
  /** What this node runs, in words. */
  readonly operatingSystem: string;
  /** Port of trustd; 50001 unless a test says otherwise. */
  readonly trustdPort?: number;
}

/** Owner of ApiCertificates. */
export const API_OWNER = 'secrets.APIController';
/** Owner of TrustdCertificates. */
export const TRUSTD_OWNER = 'secrets.TrustdController';

/** Longest sleep before looking at the wall clock again: it may jump. */
const LOOK_AGAIN_MS = 60_000;

/** Sleeps until a wall-clock time, or a minute, or until aborted, whichever is first; never throws. */
export async function sleepTowards(clock: Clock, untilMs: number, signal: AbortSignal): Promise<void> {
  const ms = Math.max(0, Math.min(untilMs - clock.now(), LOOK_AGAIN_MS));
  await clock.sleep(ms, signal).catch(() => undefined);
}
