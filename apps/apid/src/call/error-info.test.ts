import { expect, test } from '@jest/globals';
import { Metadata } from '@minos/api/common';
import { statusWithInfo } from './error-info.ts';

test('the status can be read by anybody who knows google.rpc.Status, and holds the four parts', () => {
  const info = { reason: 'NO_ROUTE', hop: 'endpoint → 10.5.0.3', evidence: 'connect EHOSTUNREACH', next: 'minosctl get members' };
  const bytes = statusWithInfo(14, 'connection error', info);
  // Field 3 of common.Metadata is a google.rpc.Status.
  const { status } = Metadata.decode(Buffer.concat([Buffer.from([0x1a, 0x80 | (bytes.length & 127), bytes.length >> 7]), bytes]));
  expect(status).toMatchObject({ code: 14, message: 'connection error' });
  const [detail] = status?.details ?? [];
  expect(detail?.typeUrl).toBe('type.googleapis.com/google.rpc.ErrorInfo');
  const text = Buffer.from(detail?.value ?? []).toString();
  for (const part of [...Object.keys(info).filter((key) => key !== 'reason'), ...Object.values(info), 'minos.dev']) {
    expect(text).toContain(part);
  }
});
