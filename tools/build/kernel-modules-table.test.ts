import { expect, test } from '@jest/globals';
import { chooseModules, wantedModules } from './kernel-modules-table.ts';

const PATHS = ['kernel/fs/xfs/xfs.ko', 'kernel/net/sched/act_a.ko', 'kernel/net/sched/cls-b.ko', 'kernel/drivers/md/dm-mod.ko'];

test('a name stands for a module, however it is hyphenated, and a folder for all below it', () => {
  expect(chooseModules(['dm_mod', 'kernel/net/sched/', 'cls_b'], PATHS)).toEqual([
    'kernel/drivers/md/dm-mod.ko',
    'kernel/net/sched/act_a.ko',
    'kernel/net/sched/cls-b.ko',
  ]);
});

test('all that the kernel does not have is named', () => {
  expect(() => chooseModules(['xfs', 'btrfs', 'kernel/sound/'], PATHS)).toThrow('btrfs, kernel/sound/');
});

test('the table is groups of names, each named once', () => {
  expect(wantedModules({ groups: { a: ['x', 'y'], b: ['z'] } })).toEqual(['x', 'y', 'z']);
  expect(() => wantedModules({ groups: { a: ['x'], b: ['x'] } })).toThrow('x is named twice');
  expect(() => wantedModules({ modules: ['x'] })).toThrow('groups');
});
