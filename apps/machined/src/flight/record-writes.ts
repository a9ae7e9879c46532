import { methodRow } from '@minos/api';
import type { Authorize, CallMetadata } from '@minos/rpc';
import type { FlightRecorder } from './flight-recorder.ts';

/** Calls that readers may not make although they change nothing. */
const READS: ReadonlySet<string> = new Set([
  'Copy',
  'EtcdSnapshot',
  'GenerateClientConfiguration',
  'Kubeconfig',
  'PacketCapture',
  'Pending',
  'Plan',
  'Read',
]);

/** Who made a call that apid handed on: the node that forwarded it says so; a call without it came to this node itself. */
export function forwardedFrom(metadata: CallMetadata): string {
  return metadata.all('proxyfrom').join(', ');
}

/** Records each call that is admitted and may change the node, with who made it. */
export function recordingWrites(
  recorder: FlightRecorder,
  authorize: Authorize,
  peerOf: (metadata: CallMetadata) => string,
): Authorize {
  return (call) => {
    const roles = authorize(call);
    if (mayChange(call.method)) {
      const peer = peerOf(call.metadata);
      recorder.record({ $case: 'call', value: { method: call.method, roles: [...roles].toSorted(), peer } });
    }
    return roles;
  };
}

/** Whether a method is for those only who may change something; pure. */
export function mayChange(method: string): boolean {
  const row = methodRow(method);
  return row !== undefined && !row.roles.includes('os:reader') && !READS.has(method.slice(method.lastIndexOf('/') + 1));
}
