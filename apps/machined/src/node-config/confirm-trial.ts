import { Fault } from '@minos/base';
import type { CallMetadata } from '@minos/rpc';
import type { ConfigTrial } from './config-keeper.ts';

/** Header in which every apid on the way adds how old its connection is, in milliseconds; it takes none from clients. */
export const CONNECTION_AGE_HEADER = 'minos-connection-age';
/** Header that an apid adds when the call came through another one. */
const FORWARDED_HEADER = 'proxyfrom';
const WHOLE = /^\d{1,15}$/;

/**
 * Checks that a confirmation proves that the node can be reached anew: it names the trial, and at every hop came over a
 * connection that is younger than the trial. Ages are compared, not times: the clocks of nodes differ. Throws `precondition`.
 */
export function checkConfirmation(
  trial: ConfigTrial | undefined,
  call: { readonly id: string; readonly metadata: CallMetadata; readonly nowMs: number },
): void {
  const { id, metadata, nowMs } = call;
  if (trial === undefined) throw new Fault('precondition', 'no configuration waits for a confirmation');
  if (trial.id !== id) throw new Fault('precondition', 'another configuration is on trial; ask again which one');
  if (trial.begunMs === undefined)
    throw new Fault('precondition', 'the node does not follow the configuration yet; confirm again in a moment');
  const ages = metadata.all(CONNECTION_AGE_HEADER);
  const hops = metadata.first(FORWARDED_HEADER) === undefined ? 1 : 2;
  if (ages.length < hops) throw new Fault('precondition', 'a confirmation counts only through apid, over a new connection');
  const trialAgeMs = nowMs - trial.begunMs;
  const isNew = (age: string): boolean => WHOLE.test(age) && Number(age) < trialAgeMs;
  if (!ages.every(isNew)) {
    throw new Fault('precondition', 'a connection on the way is older than the configuration; connect anew and confirm again');
  }
}
