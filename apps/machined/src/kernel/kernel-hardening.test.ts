import { expect, test } from '@jest/globals';
import { kernelParameters } from '../runtime/kernel-parameters.ts';
import { kernelHardening } from './kernel-hardening.ts';

const GOOD = { commandLine: 'slab_nomerge pti=on quiet', meltdown: 'Mitigation: PTI', moduleSignatures: 'Y' };

test('a kernel with what is required has no problems, and one word of its command line lowers the demand', () => {
  expect(kernelHardening(GOOD)).toEqual({ problems: [], hasSignedModulesOnly: true, isEnforced: true });
  expect(kernelHardening({ ...GOOD, commandLine: 'minos.kspp=warn' })).toMatchObject({ isEnforced: false });
});

test('what is missing is named', () => {
  const { problems } = kernelHardening({ commandLine: 'pti=off', meltdown: 'Vulnerable', moduleSignatures: 'N' });
  expect(problems).toEqual([
    'the kernel argument slab_nomerge is missing',
    'the kernel argument pti=on is missing, and the processor may need it (Vulnerable)',
  ]);
});

test('a processor that Meltdown does not affect needs no isolated page tables', () => {
  expect(kernelHardening({ ...GOOD, commandLine: 'slab_nomerge', meltdown: 'Not affected' }).problems).toEqual([]);
  expect(kernelHardening({ ...GOOD, commandLine: 'slab_nomerge', meltdown: '' }).problems).toHaveLength(1);
});

test('a node in a container sets nothing of a kernel that is not its own', () => {
  for (const { id } of kernelParameters('container')) expect(id).toMatch(/^proc\.sys\.net\./);
  const metal = kernelParameters('metal').map(({ id }) => id);
  expect(metal).toContain('proc.sys.kernel.kptr_restrict');
  expect(new Set(metal).size).toBe(metal.length);
});
