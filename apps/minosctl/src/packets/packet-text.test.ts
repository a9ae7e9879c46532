import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { udpPacket } from '../testing/make-pcap.ts';
import { packetText } from './packet-text.ts';
import { parseFilter } from './parse-filter.ts';
import { PcapReader } from './pcap-reader.ts';
import { WITHOUT_API } from './without-api.ts';

const ETHERNET = 1;
const RAW = 101;
const at = (bytes: Buffer) => ({ atMs: 1_700_000_000_123, bytes, wireBytes: bytes.length });
const line = (bytes: Buffer, linkType = ETHERNET): string => packetText(at(bytes), linkType).replace(/^22:13:20\.123 /, '');
const UDP = udpPacket('10.0.0.1', 68, '10.0.0.2', 67);

test('UDP has ports; a fragment has none; a tag is told', () => {
  expect(line(UDP)).toBe('10.0.0.1.68 > 10.0.0.2.67: UDP, length 42');
  expect(line(UDP.subarray(14), RAW)).toBe('10.0.0.1.68 > 10.0.0.2.67: UDP, length 28');
  const fragment = Buffer.from(UDP);
  fragment.writeUInt16BE(7, 20);
  expect(line(fragment)).toBe('10.0.0.1 > 10.0.0.2: UDP, length 42');
  const tagged = Buffer.concat([UDP.subarray(0, 12), Buffer.from([0x81, 0, 0, 42]), UDP.subarray(12)]);
  expect(line(tagged)).toBe('vlan 42 10.0.0.1.68 > 10.0.0.2.67: UDP, length 46');
});

test('TCP has flags, IPv6 its addresses, ARP its question', () => {
  const tcp = Buffer.concat([UDP, Buffer.alloc(12)]);
  tcp.writeUInt8(6, 23);
  tcp.writeUInt8(0x12, 47);
  expect(line(tcp)).toBe('10.0.0.1.68 > 10.0.0.2.67: TCP [S.], length 54');
  const six = Buffer.alloc(54);
  six.writeUInt16BE(0x86dd, 12);
  six.writeUInt8(0x60, 14);
  six.writeUInt8(58, 20);
  six.writeUInt8(1, 37);
  expect(line(six)).toBe('::1 > ::: ICMPv6, length 54');
  const arp = Buffer.alloc(42);
  arp.writeUInt16BE(0x0806, 12);
  arp.writeUInt16BE(1, 20);
  Buffer.from([10, 0, 0, 1]).copy(arp, 28);
  Buffer.from([10, 0, 0, 2]).copy(arp, 38);
  expect(line(arp)).toBe('ARP who has 10.0.0.2? tell 10.0.0.1, length 42');
});

test('a packet that is cut anywhere still makes a line', () => {
  const tcp = Buffer.concat([UDP, Buffer.alloc(12)]);
  tcp.writeUInt8(6, 23);
  for (let length = 0; length <= tcp.length; length++) {
    expect(line(tcp.subarray(0, length))).toContain(`length ${length}`);
    expect(line(tcp.subarray(0, length), RAW)).toContain(`length ${length}`);
  }
});

test('what is no capture is refused', () => {
  const fault = (() => {
    try {
      return new PcapReader().push(Buffer.alloc(24, 7));
    } catch (e) {
      return e;
    }
  })();
  expect(isFault(fault, 'data-loss')).toBe(true);
});

test('a filter is read with and without commas between, and nothing else is', () => {
  expect(parseFilter('{0x6,0,0,262144}')).toEqual([{ op: 6, jt: 0, jf: 0, k: 262_144 }]);
  expect(parseFilter('{ 0x15, 0, 8, 0x800 },\n{ 6, 0, 0, 0 }\n')).toHaveLength(2);
  expect(parseFilter('')).toEqual([]);
  for (const wrong of ['tcp', '{ 1, 2, 3 }', '{ 1, 2, 3, 4, 5 }', '{ a, 0, 0, 0 }', '{ 6, 0, 0, 0 } x'])
    expect(() => parseFilter(wrong)).toThrow();
});

test('the filter that leaves the API out is a program: no jump leads out of it, and both ends are reached', () => {
  const steps = parseFilter(WITHOUT_API);
  const targets = steps.flatMap(({ op, jt, jf }, at) => ((op & 7) === 5 ? [at + 1 + jt, at + 1 + jf] : []));
  expect(Math.max(...targets)).toBe(steps.length - 1);
  expect(targets).toContain(steps.length - 2);
});
