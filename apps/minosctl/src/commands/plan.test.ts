import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PlanResponse } from '@minos/api/minos';
import { Scope } from '@minos/base';
import { nodeOf, testEndpoint } from '../testing/test-cluster.ts';

test('plan shows each change as what goes and what comes, and fails where a node would refuse', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    config: {
      Plan: async (request, context) => {
        expect(request.data.toString()).toBe('version: v1alpha1\n');
        if (nodeOf(context) === '10.9.0.3') return PlanResponse.fromPartial({ problems: ['machine.colour: no such key'] });
        const mtu = { noun: 'link', id: 'eth0', before: 'mtu: 1500\nup: true\n', after: 'mtu: 1400\nup: true\n' };
        const address = { noun: 'address', id: 'eth0/10.5.0.4/24', before: '', after: 'address: 10.5.0.4/24\n' };
        return PlanResponse.fromPartial({ changes: [mtu, address], reach: ['network'] });
      },
    },
  });
  await writeFile(join(endpoint.dir, 'node.yaml'), 'version: v1alpha1\n');
  const done = await endpoint.run('-n', '10.9.0.2,10.9.0.3', 'plan', '-f', 'node.yaml');
  expect(done.code).toBe(1);
  expect(done.stdout).toBe(
    [
      '10.9.0.2: 2 changes, without a reboot, no disk is touched; the node can be lost by: network',
      '  ~ link eth0',
      '      - mtu: 1500',
      '      + mtu: 1400',
      '  + address eth0/10.5.0.4/24',
      '      + address: 10.5.0.4/24',
      '',
    ].join('\n'),
  );
  expect(done.stderr).toContain('10.9.0.3 would refuse it: machine.colour: no such key');
});
