import { expect, test } from '@jest/globals';
import { parseModules } from './kernel-modules-controller.ts';

test('modules are read with who uses them', () => {
  const modules = parseModules(
    'nf_conntrack 172032 2 xt_conntrack,nf_nat, Live 0xffffffffc0a1 (O)\next4 737280 0 - Live 0x0\nshort 1\n',
  );
  expect([...modules.keys()]).toEqual(['nf_conntrack', 'ext4']);
  expect(modules.get('nf_conntrack')).toEqual({
    size: 172_032n,
    referenceCount: 2n,
    dependencies: ['xt_conntrack', 'nf_nat'],
    state: 'Live',
    address: '0xffffffffc0a1',
  });
  expect(modules.get('ext4')?.dependencies).toEqual([]);
});

test('a kernel without modules has none', () => {
  expect(parseModules('').size).toBe(0);
});
