import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { completeWords } from './complete-words.ts';
import { completionScript, SHELLS } from './completion-script.ts';

const complete = (line: string) => completeWords(COMMAND_TABLE.commands, line.split(' '));
const words = (line: string): readonly string[] => {
  const found = complete(line);
  return found.kind === 'words' ? found.words : [`:${found.kind}`];
};

test('commands, their groups, their options and the values of these are completed', () => {
  expect(words('clu')).toEqual(['cluster']);
  expect(words('cluster ')).toEqual(['up', 'down', 'create', 'destroy', 'show']);
  expect(words('-n 10.5.0.2 ser')).toEqual(['services', 'service']);
  expect(words('logs machined --fol')).toEqual(['--follow']);
  expect(words('version -o ')).toEqual(['table', 'json', 'yaml']);
  expect(words('reboot -m ')).toEqual(['default', 'powercycle', 'force']);
  expect(words('service apid re')).toEqual(['restart']);
  expect(words('completion ')).toEqual(['bash', 'zsh', 'fish']);
  expect(words('')).not.toContain('__complete');
});

test('what only a file, a node or a context can be is left to those who know', () => {
  expect(words('apply-config -f ')).toEqual([':files']);
  expect(words('version -n ')).toEqual([':nodes']);
  expect(words('--context ')).toEqual([':contexts']);
});

test.each(SHELLS)('the script for %s is one that the shell reads, where it is installed', (shell) => {
  const script = completionScript(shell);
  expect(script).toContain('__complete');
  const found = spawnSync(shell, ['-n', '-c', script], { encoding: 'utf8' });
  if (found.error === undefined) expect([found.status, found.stderr]).toEqual([0, '']);
});

test('bash completes with what minosctl says', () => {
  const program = `minosctl() { printf 'up\\nunder\\n'; }\n${completionScript('bash')}
COMP_WORDS=(minosctl cluster u); COMP_CWORD=2; _minosctl; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['-c', program], { encoding: 'utf8' })).toBe('up under\n');
});
