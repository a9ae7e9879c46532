import { expect, test } from '@jest/globals';
import type { ResetRequest } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { memberState } from '../testing/member-state.ts';
import { testEndpoint } from '../testing/test-cluster.ts';

test('reset asks for what is named, and without a wait only asks', async () => {
  await using scope = new Scope();
  const asked: ResetRequest[] = [];
  const endpoint = await testEndpoint(scope, {
    machine: {
      Reset: async (request) => {
        asked.push(request);
        return { messages: [{ metadata: undefined, actorId: 'a' }] };
      },
    },
    state: memberState(),
  });
  const options = ['--system-labels-to-wipe', 'STATE,META', '--graceful=false', '--reboot', '--wait=false'];
  expect(await endpoint.run('-n', '10.9.0.3', 'reset', ...options)).toEqual({ code: 0, stdout: '10.9.0.3: asked\n', stderr: '' });
  expect(asked).toMatchObject([
    {
      graceful: false,
      reboot: true,
      systemPartitionsToWipe: [
        { label: 'STATE', wipe: true },
        { label: 'META', wipe: true },
      ],
      userDisksToWipe: [],
      mode: 0,
    },
  ]);
});
