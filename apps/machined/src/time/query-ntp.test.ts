import { createSocket, type Socket } from 'node:dgram';
import { expect, test } from '@jest/globals';
import { isFault, systemClock } from '@minos/base';
import { NTP_BYTES, ntpRequest, parseNtpAnswer, writeNtpTime } from './ntp-packet.ts';
import { parseServer, queryNtp } from './query-ntp.ts';

const never = new AbortController().signal;

/** A time server on loopback that is ahead of us; `change` may spoil its answers. */
async function timeServer(
  aheadMs: number,
  change: (answer: Buffer) => Buffer | undefined,
): Promise<AsyncDisposable & { readonly server: string }> {
  const socket: Socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const answer = Buffer.alloc(NTP_BYTES);
    answer.writeUInt8(0x24, 0);
    answer.writeUInt8(2, 1);
    question.copy(answer, 24, 40, 48);
    for (const at of [32, 40]) writeNtpTime(answer, at, Date.now() + aheadMs);
    const sent = change(answer);
    if (sent !== undefined) socket.send(sent, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { server: `127.0.0.1:${socket.address().port}`, [Symbol.asyncDispose]: async () => void socket.close() };
}

const ask = (server: string, timeoutMs = 2000) => queryNtp({ server, timeoutMs, clock: systemClock }, never);

test('how far a server is ahead is told to within some milliseconds', async () => {
  await using time = await timeServer(90_000, (answer) => answer);
  const { localMs, remoteMs } = await ask(time.server);
  expect(Math.abs(remoteMs - localMs - 90_000)).toBeLessThan(100);
});

test('an answer to another question, a server that refuses, and one that is silent are no time', async () => {
  const forge = (answer: Buffer): Buffer => Buffer.concat([answer.subarray(0, 24), Buffer.alloc(8), answer.subarray(32)]);
  await using forged = await timeServer(0, forge);
  expect(isFault(await ask(forged.server).catch((e: unknown) => e), 'unavailable')).toBe(true);
  await using refusing = await timeServer(0, (answer) => {
    answer.writeUInt8(0, 1);
    answer.write('RATE', 12, 'latin1');
    return answer;
  });
  const refused = await ask(refusing.server).catch((e: unknown) => e);
  expect(isFault(refused) ? refused.message : '').toContain('RATE');
  await using silent = await timeServer(0, () => undefined);
  expect(isFault(await ask(silent.server, 50).catch((e: unknown) => e), 'deadline')).toBe(true);
});

test('a port that nobody listens on is told at once', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  expect(isFault(await ask(`127.0.0.1:${port}`).catch((e: unknown) => e), 'unavailable')).toBe(true);
});

test('an answer that is cut off anywhere is a problem, and nothing is thrown', () => {
  const cookie = Buffer.from('12345678');
  const packet = ntpRequest(cookie);
  for (let bytes = 0; bytes < NTP_BYTES; bytes++) expect(parseNtpAnswer(packet.subarray(0, bytes), cookie).ok).toBe(false);
  expect(parseNtpAnswer(packet, cookie).ok).toBe(false);
});

test('servers are named with and without a port', () => {
  expect(parseServer('time.example.org')).toEqual({ host: 'time.example.org', port: 123 });
  expect(parseServer('10.0.0.1:1123')).toEqual({ host: '10.0.0.1', port: 1123 });
  expect(parseServer('fd00::1')).toEqual({ host: 'fd00::1', port: 123 });
  expect(parseServer('[fd00::1]:124')).toEqual({ host: 'fd00::1', port: 124 });
  for (const wrong of ['', 'a b', 'a:0', 'a:99999', '[x']) expect(() => parseServer(wrong)).toThrow();
});
