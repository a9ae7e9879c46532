import { expect, test } from '@jest/globals';
import { linuxHost } from '@minos/host/linux';
import { listProcesses } from './list-processes.ts';
import { parseProcessStat } from './process-stat.ts';

const STAT =
  '1 (process_api) S 0 0 0 0 -1 4194560 50962 1363610 0 698 214 854 3774 2069 20 0 13 0 24 55177216 5538 18446744073709551615 1 1 0 0 0 0 0 4096 1256 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0';

test('a stat line is read', () => {
  expect(parseProcessStat(STAT)).toEqual({
    pid: 1,
    command: 'process_api',
    state: 'S',
    parentPid: 0,
    cpuTicks: 1068,
    threads: 13,
    virtualBytes: 55177216n,
    residentPages: 5538n,
  });
});

test('a command may hold blanks and parentheses', () => {
  expect(parseProcessStat(STAT.replace('process_api', 'tmux: server) R 1 (x'))).toMatchObject({
    command: 'tmux: server) R 1 (x',
    state: 'S',
    threads: 13,
  });
});

test('what is no stat line is nothing', () => {
  expect(parseProcessStat('')).toBeUndefined();
  expect(parseProcessStat('1 (short) S 0')).toBeUndefined();
});

test('this very process is in the list, with its command line', async () => {
  const own = (await listProcesses(linuxHost())).find((process_) => process_.pid === process.pid);
  expect(own).toMatchObject({ ppid: process.ppid, executable: process.execPath });
  expect(own?.args).toContain('jest');
  expect(own?.residentMemory).toBeGreaterThan(1_000_000n);
  expect(own?.cpuTime).toBeGreaterThan(0);
});

test('a kernel thread has a name and no executable', async () => {
  const threads = (await listProcesses(linuxHost())).filter((process_) => process_.ppid === 2);
  for (const thread of threads) expect(thread).toMatchObject({ executable: '', args: '' });
});
