import { expect, test } from '@jest/globals';
import { mountAt } from './machine-info.ts';

const TABLE = [
  '22 1 0:21 / / ro,relatime shared:1 - squashfs /dev/loop0 ro',
  '23 22 0:22 / /var rw,relatime - tmpfs tmpfs rw',
  '24 22 8:1 /ephemeral /var rw,nosuid master:2 - ext4 /dev/sda1 rw',
].join('\n');

test('the mount that is on top of a target is reported', () => {
  expect(mountAt(TABLE, '/var')).toMatchObject({ source: '/dev/sda1', filesystemType: 'ext4', options: ['rw', 'nosuid'] });
  expect(mountAt(TABLE, '/system/state')).toBeUndefined();
});
