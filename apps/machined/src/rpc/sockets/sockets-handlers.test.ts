import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { type ConnectRecord, NetstatRequest } from '@minos/api/machine';
import { isFault } from '@minos/base';
import { linuxHost } from '@minos/host/linux';
import { noCall } from '../testing/no-call.ts';
import { socketHandlers } from './sockets-handlers.ts';

const handlers = socketHandlers({ host: linuxHost() });

async function ask(request: Parameters<typeof NetstatRequest.fromPartial>[0]): Promise<readonly ConnectRecord[]> {
  return (await handlers.Netstat(NetstatRequest.fromPartial(request), noCall())).messages[0]?.connectrecord ?? [];
}

test('a socket of this process is found, with its process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const found = await ask({ filter: 2, feature: { pid: true }, l4proto: { tcp: true } });
  expect(found.find(({ localport }) => localport === port)).toMatchObject({
    localip: '127.0.0.1',
    process: { pid: process.pid },
  });
  expect(found.every((record) => record.process !== undefined && record.remoteport === 0)).toBe(true);
  const connected = await ask({ filter: 1, l4proto: { tcp: true } });
  expect(connected.filter(({ localport, remoteport }) => localport === port || remoteport === 0)).toEqual([]);
  server.close();
});

test('nothing is asked for, nothing comes; other namespaces are not there', async () => {
  expect(await ask({ filter: 0 })).toEqual([]);
  const e = await ask({ netns: { netns: ['cni-1'] } }).catch((caught: unknown) => caught);
  expect(isFault(e, 'missing')).toBe(true);
});
