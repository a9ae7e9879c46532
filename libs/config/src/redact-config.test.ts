import { expect, test } from '@jest/globals';
import { redactConfig } from './redact-config.ts';

test('secrets that people put under names of their own, or into a URL, are hidden too; what is beside them stays', () => {
  const text = [
    'machine:',
    '  env:',
    '    DB_PASSWORD: canary-1',
    '    http_proxy: http://me:canary-2@proxy.test:3128',
    '    no_proxy: 10.0.0.0/8',
    '  files:',
    '    - path: /var/x',
    '      content: |',
    '        canary-3',
    'cluster:',
    '  endpoint: https://10.5.0.2:6443',
    '',
  ].join('\n');
  const shown = redactConfig(text);
  expect(shown).not.toContain('canary');
  for (const kept of ['no_proxy: 10.0.0.0/8', 'path: /var/x', 'endpoint: https://10.5.0.2:6443']) expect(shown).toContain(kept);
});
