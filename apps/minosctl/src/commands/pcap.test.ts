import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { PacketCaptureRequest } from '@minos/api/machine';
import { aborted, Fault, Scope } from '@minos/base';
import { pcapStream, udpPacket } from '../testing/make-pcap.ts';
import { testEndpoint } from '../testing/test-cluster.ts';

const ONE = ['-n', '10.9.0.2'];

test('pcap shows packets as lines, wherever the stream is cut, and ends with its time', async () => {
  await using scope = new Scope();
  const asked: PacketCaptureRequest[] = [];
  const stream = pcapStream([udpPacket('10.0.0.1', 5353, '10.0.0.2', 53)]);
  const endpoint = await testEndpoint(scope, {
    machine: {
      PacketCapture: async function* (request, { signal }) {
        asked.push(request);
        for (const byte of stream) yield { metadata: undefined, bytes: Buffer.from([byte]) };
        await aborted(signal);
      },
    },
  });
  const filter = '{ 0x28, 0, 0, 0x0000000c },\n{ 0x6, 0, 0, 0x00040000 },\n';
  const { code, stdout } = await endpoint.run(...ONE, 'pcap', '-i', 'eth1', '--duration', '1500ms', '--bpf-filter', filter);
  expect([code, stdout]).toEqual([0, '22:13:20.000 10.0.0.1.5353 > 10.0.0.2.53: UDP, length 42\n']);
  expect(asked[0]).toMatchObject({
    interface: 'eth1',
    promiscuous: false,
    bpfFilter: [
      { op: 0x28, k: 12 },
      { op: 6, k: 0x40000 },
    ],
  });
});

test('pcap writes the stream to a file as it is, and an error is an error', async () => {
  await using scope = new Scope();
  const stream = pcapStream([udpPacket('10.0.0.1', 1, '10.0.0.2', 2)]);
  const endpoint = await testEndpoint(scope, {
    machine: {
      PacketCapture: async function* () {
        yield { metadata: undefined, bytes: stream };
        throw new Fault('unavailable', 'the node is stopping');
      },
    },
  });
  const { code, stderr } = await endpoint.run(...ONE, 'pcap', '--write', 'all.pcap');
  expect([code, stderr]).toEqual([1, expect.stringContaining('the node is stopping')]);
  expect(await readFile(join(endpoint.dir, 'all.pcap'))).toEqual(stream);
  expect((await endpoint.run(...ONE, 'pcap', '--bpf-filter', 'port 53')).stderr).toContain('tcpdump -dd');
});
