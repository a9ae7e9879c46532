import { expect, test } from '@jest/globals';
import { parseSmbios } from './smbios.ts';
import { memoryModulesOf, processorsOf, systemInformationOf } from './system-hardware.ts';

/** One structure as firmware writes it: header, bytes at their offsets, strings, two zeros. */
function structure(
  type: number,
  length: number,
  bytes: Readonly<Record<number, readonly number[]>>,
  strings: readonly string[],
): Buffer {
  const data = Buffer.alloc(length);
  data.writeUInt8(type, 0);
  data.writeUInt8(length, 1);
  for (const [offset, values] of Object.entries(bytes)) Buffer.from(values).copy(data, Number(offset));
  return Buffer.concat([data, Buffer.from(strings.length === 0 ? '\0\0' : `${strings.join('\0')}\0\0`, 'latin1')]);
}

const UUID = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
const TABLE = Buffer.concat([
  structure(0, 0x18, { 4: [1], 5: [2] }, ['SeaBIOS', '1.16']),
  structure(1, 0x1b, { 4: [1], 5: [2], 6: [3], 7: [4], 8: UUID, 24: [6], 25: [0] }, ['QEMU', 'Standard PC', 'pc-q35', ' SN 1 ']),
  structure(4, 0x30, { 4: [1], 7: [2], 16: [3], 20: [0xd0, 0x07], 24: [0x41], 35: [4], 36: [4], 37: [0xff], 46: [0, 1] }, [
    'CPU 0',
    'QEMU',
    'pc-q35',
  ]),
  structure(17, 0x28, { 12: [0, 8], 16: [1], 23: [2], 21: [0x80, 0x0c] }, ['DIMM 0', 'ACME']),
  structure(17, 0x28, { 12: [0xff, 0x7f], 16: [1], 28: [0, 0, 1, 0] }, ['DIMM 0']),
  structure(17, 0x28, { 12: [0xff, 0xff], 16: [1] }, ['DIMM 2']),
  structure(127, 4, {}, []),
]);

test('what the firmware says about the machine is read, the identifier in its mixed order', () => {
  expect(systemInformationOf(parseSmbios(TABLE))).toEqual({
    manufacturer: 'QEMU',
    productName: 'Standard PC',
    version: 'pc-q35',
    serialNumber: 'SN 1',
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    wakeUpType: 'Power Switch',
    skuNumber: '',
    biosVersion: '1.16',
  });
});

test('processors are read by their sockets, counts above 254 from the wide field', () => {
  const processors = processorsOf(parseSmbios(TABLE));
  expect([...processors.keys()]).toEqual(['CPU 0']);
  expect(processors.get('CPU 0')).toMatchObject({
    manufacturer: 'QEMU',
    maxSpeed: 2000,
    status: 0x41,
    coreCount: 4,
    threadCount: 256,
  });
});

test('memory modules have their sizes in MiB, whichever field holds them, and names of their own', () => {
  const modules = memoryModulesOf(parseSmbios(TABLE));
  expect([...modules].map(([id, { size, speed }]) => [id, size, speed])).toEqual([
    ['DIMM 0', 2048, 3200],
    ['DIMM 0-1', 65_536, 0],
    ['DIMM 2', 0, 0],
  ]);
});

test('a table that is cut anywhere gives what stands before the cut', () => {
  const whole = parseSmbios(TABLE).length;
  for (let length = 0; length <= TABLE.length; length++) {
    const cut = parseSmbios(TABLE.subarray(0, length));
    expect(cut.length).toBeLessThanOrEqual(whole);
    systemInformationOf(cut);
    processorsOf(cut);
    memoryModulesOf(cut);
  }
  expect(systemInformationOf([])).toBeUndefined();
});

test('rubbish is no table', () => {
  expect(parseSmbios(Buffer.alloc(64))).toEqual([]);
  expect(parseSmbios(Buffer.alloc(64, 0xff))).toEqual([]);
});
