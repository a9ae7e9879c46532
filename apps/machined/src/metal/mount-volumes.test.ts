import { expect, test } from '@jest/globals';
import { planVolumes } from './mount-volumes.ts';

test('what is labelled is mounted, memory takes the place of what is not', () => {
  const plan = planVolumes([
    { device: '/dev/vdb', fsType: 'iso9660', label: 'cidata' },
    { device: '/dev/vdc', fsType: 'ext4', label: 'STATE' },
  ]);
  expect(plan.map(({ source, target, fsType }) => `${source} ${target} ${fsType}`)).toEqual([
    '/dev/vdc /system/state ext4',
    'tmpfs /var tmpfs',
  ]);
});

test('the first of several with one label is taken, and a file system that cannot hold it is not', () => {
  const [state] = planVolumes([
    { device: '/dev/vda', fsType: 'vfat', label: 'STATE' },
    { device: '/dev/vdb', fsType: 'xfs', label: 'STATE' },
    { device: '/dev/vdc', fsType: 'ext4', label: 'STATE' },
  ]);
  expect(state).toMatchObject({ source: '/dev/vdb', fsType: 'xfs' });
});
