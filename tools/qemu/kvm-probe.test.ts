import { expect, test } from '@jest/globals';
import { isOnPath } from '../test/is-on-path.ts';
import { probeKvm, probeSector } from './kvm-probe.ts';

test('the probe is a boot sector', () => {
  expect(probeSector()).toHaveLength(512);
  expect(probeSector().subarray(-2).toString('hex')).toBe('55aa');
});

/** `npm test` installs QEMU; a machine whose owner did not let it skips what needs a guest. */
const testWithQemu = (await isOnPath('qemu-system-x86_64')) || process.env['CI'] !== undefined ? test : test.skip;

testWithQemu(
  'a guest that runs is recognised, and one that does not end in time is given up',
  async () => {
    const limitMs = 60_000;
    expect(await probeKvm({ accelerator: 'tcg', limitMs })).toEqual({ works: true });
    expect(await probeKvm({ accelerator: 'tcg', limitMs: 1 })).toMatchObject({
      works: false,
      reason: expect.stringContaining('did not end'),
    });
  },
  90_000,
);
