import type { ProbeProgram } from '../conformance/supervisor.conformance.ts';
import type { SpawnSpec } from '../port/supervisor.ts';

const SCRIPT: Record<ProbeProgram, string> = {
  stay: 'echo hello; echo ready >&3; exec sleep 1000',
  mute: 'exec sleep 1000',
  'exit-three': 'exit 3',
};

/** The programs of the supervisor suite as shell scripts, each under its own name as id. */
export function probeSpec(program: ProbeProgram): SpawnSpec {
  return {
    id: program,
    argv: ['/bin/sh', '-c', SCRIPT[program]],
    env: { PATH: '/usr/bin:/bin' },
    uid: 0,
    gid: 0,
    groups: [],
    capabilities: [],
    cgroup: undefined,
    noFile: undefined,
    oomScoreAdj: undefined,
  };
}
