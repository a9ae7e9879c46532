import { expect, test } from '@jest/globals';
import { tidyText } from './tidy-text.ts';

test('of what OpenSSL says, what it is stays', () => {
  const text =
    'connection error: 10.5.0.9: write EPROTO 40F39D778C7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:78:\n: what answers there is no apid';
  expect(tidyText(text)).toBe('connection error: 10.5.0.9: TLS: wrong version number: what answers there is no apid');
});

test('other texts stay as they are, with all their lines', () => {
  const text = 'three problems:\n  machine.type: expected worker\n  a:b:c';
  expect(tidyText(text)).toBe(text);
});
