import { expect, test } from '@jest/globals';
import { NetworkStatusSpec, RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import type { ServiceState } from '../service/service-table.ts';
import { unmetConditions } from './machine-status.ts';

const service = (id: string, state: ServiceState) => ({
  id,
  state,
  health: { isKnown: true, isHealthy: state === 'running', message: '', changedMs: 0 },
});
const READY = NetworkStatusSpec.fromPartial({ addressReady: true, hostnameReady: true });

test('a machine is ready when the network, the files and every service are', () => {
  const services = [service('apid', 'running'), service('trustd', 'skipped')];
  expect(unmetConditions({ stage: Stage.MACHINE_STAGE_RUNNING, network: READY, areEtcFilesWritten: true, services })).toEqual([]);
});

test('each thing that is missing is named with its reason', () => {
  const input = {
    stage: Stage.MACHINE_STAGE_RUNNING,
    network: NetworkStatusSpec.fromPartial({ hostnameReady: true }),
    areEtcFilesWritten: false,
    services: [service('apid', 'waiting'), service('networkd', 'running')],
  };
  expect(unmetConditions(input)).toEqual([
    { name: 'network', reason: 'address, etc files' },
    { name: 'services', reason: 'apid not running' },
  ]);
});
