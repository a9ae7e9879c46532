import { HostnameResponse, MachineServiceDefinition, VersionResponse } from '@minos/api/machine';
import { type BoundService, bindService } from '@minos/rpc';
import type { Fixture } from './fixture.ts';

/** The machined of a simulation: answers Version and Hostname from the fixture, and says that the rest is not there. */
export function simulatedMachine(fixture: Fixture): BoundService {
  return bindService(MachineServiceDefinition, {
    Version: async () =>
      VersionResponse.fromPartial({ messages: [{ version: { tag: fixture.version, arch: process.arch, os: 'linux' } }] }),
    Hostname: async () => HostnameResponse.fromPartial({ messages: [{ hostname: fixture.hostname }] }),
  });
}
