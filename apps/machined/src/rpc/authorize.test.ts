import { expect, test } from '@jest/globals';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope, silentLogger } from '@minos/base';
import { bindService, client, dial, serve } from '@minos/rpc';
import { tempDir } from '@minos/testkit';
import { authorizeReader } from './authorize.ts';

test('the dashboard may read and nothing else, whatever role it says it has', async () => {
  await using scope = new Scope();
  const { path: dir } = scope.use(await tempDir('reader'));
  const listen = { kind: 'unix', path: `${dir}/dashboard.sock` } as const;
  const services = [
    bindService(MachineServiceDefinition, {
      ServiceList: async () => ({ messages: [] }),
      Reboot: async () => ({ messages: [] }),
    }),
  ];
  scope.use(await serve({ listen, services, log: silentLogger, authorize: authorizeReader(() => 'configured') }));
  const machine = client(scope.use(dial(listen)), MachineServiceDefinition);
  const metadata = { 'talos-role': 'os:admin' };
  expect(await machine.ServiceList({}, { metadata })).toEqual({ messages: [] });
  await expect(machine.Reboot({ mode: 0 }, { metadata })).rejects.toMatchObject({ kind: 'denied' });
});
