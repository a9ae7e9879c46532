import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PacketCaptureRequest } from '@minos/api/machine';
import { isFault, silentLogger, systemClock } from '@minos/base';
import { simulatedWorld } from '../../simulate/simulated-world.ts';
import { noCall } from '../testing/no-call.ts';
import { packetHandlers } from './packets-handlers.ts';

const FIXTURE = join(import.meta.dirname, '../../../fixture.yaml');

async function world() {
  return simulatedWorld(await readFile(FIXTURE, 'utf8'), { clock: systemClock, log: silentLogger });
}

test('a capture is a pcap stream of the packets of one link, cut as asked, until the caller leaves', async () => {
  const { host } = await world();
  await using _host = host;
  const { PacketCapture } = packetHandlers({ host, log: silentLogger }, new AbortController().signal);
  const stop = new AbortController();
  const request = PacketCaptureRequest.fromPartial({ interface: 'eth0', snapLen: 4 });
  const pieces: Buffer[] = [];
  for await (const { bytes } of PacketCapture(request, noCall({ signal: stop.signal }))) {
    pieces.push(bytes);
    if (pieces.length === 2) stop.abort();
    host.packets.send('lo', Buffer.from('other'));
    host.packets.send('eth0', Buffer.from('mine!'));
  }
  const stream = Buffer.concat(pieces);
  expect(stream.subarray(24 + 16).toString()).toBe('mine');
  expect(stream.readUInt32LE(24 + 12)).toBe(5);
});

test('a link that is not there, and more captures than there may be, are refused', async () => {
  const { host } = await world();
  await using _host = host;
  const { PacketCapture } = packetHandlers({ host, log: silentLogger }, new AbortController().signal);
  const first = async (name: string): Promise<unknown> => {
    const stream = PacketCapture(PacketCaptureRequest.fromPartial({ interface: name }), noCall());
    return stream[Symbol.asyncIterator]()
      .next()
      .catch((e: unknown) => e);
  };
  expect(isFault(await first('nope'), 'missing')).toBe(true);
  for (let i = 0; i < 8; i++) expect(await first('eth0')).toMatchObject({ done: false });
  expect(isFault(await first('eth0'), 'exhausted')).toBe(true);
});
