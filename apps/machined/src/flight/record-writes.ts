import { methodRow } from '@minos/api';
import type { Authorize } from '@minos/rpc';
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

/** Records each call that is admitted and may change the node, with who made it. */
export function recordingWrites(recorder: FlightRecorder, authorize: Authorize): Authorize {
  return (call) => {
    const roles = authorize(call);
    if (mayChange(call.method)) {
      // What forwarded the call says so; a call without it came to this node itself.
      const peer = call.metadata.all('proxyfrom').join(', ');
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
