import { expect, test } from '@jest/globals';
import { parseKernelRecord } from './kernel-record.ts';

test('a record is taken apart into facility, severity, sequence, time and message, without its dictionary', () => {
  expect(parseKernelRecord('30,1234,98765432,-;eth0: link up\n SUBSYSTEM=net\n DEVICE=+pci:0000\n')).toEqual({
    sequence: 1234n,
    facility: 3,
    severity: 6,
    sinceBootUs: 98765432n,
    message: 'eth0: link up',
  });
});

test('more fields before the semicolon are passed over, and a message may hold semicolons', () => {
  expect(parseKernelRecord('6,1,2,c,caller=T1;a;b')?.message).toBe('a;b');
});

test('escaped bytes are put together again as UTF-8', () => {
  expect(parseKernelRecord('6,1,2,-;caf\\xc3\\xa9 \\x5cx')?.message).toBe('café \\x');
});

test('what is no record is none', () => {
  for (const text of ['', 'hello', '6,1;x', 'a,b,c,-;x']) expect(parseKernelRecord(text)).toBeUndefined();
});
