import { MemoryModuleSpec, ProcessorSpec, SystemInformationSpec } from '@minos/api/resource-specs';
import { type SmbiosStructure, smbiosNumber, smbiosText } from './smbios.ts';

const TYPE = { bios: 0, system: 1, processor: 4, memory: 17 } as const;

/** DSP0134, table 12. */
const WAKE_UP: readonly string[] = [
  'Reserved',
  'Other',
  'Unknown',
  'APM Timer',
  'Modem Ring',
  'LAN Remote',
  'Power Switch',
  'PCI PME#',
  'AC Power Restored',
];
/** "Maximum value of one byte": the real number stands in a field of two. */
const SEE_WIDE_FIELD = 0xff;
const SIZE = { unknown: 0xffff, seeExtended: 0x7fff, inKib: 0x8000 } as const;

/** What the firmware says about the machine; undefined when it says nothing. Pure. */
export function systemInformationOf(table: readonly SmbiosStructure[]): SystemInformationSpec | undefined {
  const system = table.find(({ type }) => type === TYPE.system);
  const bios = table.find(({ type }) => type === TYPE.bios);
  if (system === undefined) return undefined;
  return SystemInformationSpec.fromPartial({
    manufacturer: smbiosText(system, 4),
    productName: smbiosText(system, 5),
    version: smbiosText(system, 6),
    serialNumber: smbiosText(system, 7),
    uuid: uuidText(system.data.subarray(8, 24)),
    wakeUpType: system.data.length > 24 ? (WAKE_UP[smbiosNumber(system, 24, 1)] ?? '') : '',
    skuNumber: smbiosText(system, 25),
    biosVersion: bios === undefined ? '' : smbiosText(bios, 5),
  });
}

/** Processor packages by their sockets; pure. */
export function processorsOf(table: readonly SmbiosStructure[]): ReadonlyMap<string, ProcessorSpec> {
  return byId(
    table.filter(({ type }) => type === TYPE.processor),
    (entry, i) => smbiosText(entry, 4) || `CPU-${i}`,
    (entry) =>
      ProcessorSpec.fromPartial({
        socket: smbiosText(entry, 4),
        manufacturer: smbiosText(entry, 7),
        productName: smbiosText(entry, 16),
        maxSpeed: smbiosNumber(entry, 0x14, 2),
        bootSpeed: smbiosNumber(entry, 0x16, 2),
        status: smbiosNumber(entry, 0x18, 1),
        serialNumber: smbiosText(entry, 0x20),
        assetTag: smbiosText(entry, 0x21),
        partNumber: smbiosText(entry, 0x22),
        coreCount: wideCount(entry, 0x23, 0x2a),
        coreEnabled: wideCount(entry, 0x24, 0x2c),
        threadCount: wideCount(entry, 0x25, 0x2e),
      }),
  );
}

/** Memory modules, and empty places for them, by where they sit; pure. */
export function memoryModulesOf(table: readonly SmbiosStructure[]): ReadonlyMap<string, MemoryModuleSpec> {
  return byId(
    table.filter(({ type }) => type === TYPE.memory),
    (entry, i) => smbiosText(entry, 0x10) || `DIMM-${i}`,
    (entry) =>
      MemoryModuleSpec.fromPartial({
        size: sizeMib(entry),
        deviceLocator: smbiosText(entry, 0x10),
        bankLocator: smbiosText(entry, 0x11),
        speed: smbiosNumber(entry, 0x15, 2),
        manufacturer: smbiosText(entry, 0x17),
        serialNumber: smbiosText(entry, 0x18),
        assetTag: smbiosText(entry, 0x19),
        productName: smbiosText(entry, 0x1a),
      }),
  );
}

/** The first three fields are little-endian (DSP0134, 7.2.1); empty for the values that mean "none". */
function uuidText(bytes: Buffer): string {
  if (bytes.length < 16 || bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)) return '';
  const swapped = Buffer.from(bytes);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  const hex = swapped.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function wideCount(entry: SmbiosStructure, offset: number, wideOffset: number): number {
  const narrow = smbiosNumber(entry, offset, 1);
  return narrow === SEE_WIDE_FIELD ? smbiosNumber(entry, wideOffset, 2) || narrow : narrow;
}

function sizeMib(entry: SmbiosStructure): number {
  const size = smbiosNumber(entry, 0x0c, 2);
  if (size === SIZE.unknown) return 0;
  if (size === SIZE.seeExtended) return smbiosNumber(entry, 0x1c, 4) & 0x7fffffff;
  return size >= SIZE.inKib ? Math.floor((size - SIZE.inKib) / 1024) : size;
}

/** By id; where the firmware uses a name twice, the later ones get a number. */
function byId<S>(
  entries: readonly SmbiosStructure[],
  idOf: (entry: SmbiosStructure, position: number) => string,
  specOf: (entry: SmbiosStructure) => S,
): ReadonlyMap<string, S> {
  const found = new Map<string, S>();
  for (const [i, entry] of entries.entries()) {
    const id = idOf(entry, i);
    found.set(found.has(id) ? `${id}-${i}` : id, specOf(entry));
  }
  return found;
}
