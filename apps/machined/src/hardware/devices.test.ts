import { expect, test } from '@jest/globals';
import { parseCpuInfo } from '../rpc/stats/cpu-info.ts';
import { cpuCoresOf } from './cpu-cores-controller.ts';
import { pciDeviceOf } from './pci-devices-controller.ts';

const cpu = (processor: number, core: number): string =>
  `processor\t: ${processor}\nphysical id\t: 0\ncore id\t\t: ${core}\ncpu cores\t: 2\nsiblings\t: 4\nmodel name\t: Some CPU\n`;

test('logical processors of one core stand together', () => {
  const cores = cpuCoresOf(parseCpuInfo([cpu(0, 0), cpu(1, 1), cpu(2, 0), cpu(3, 1)].join('\n')));
  expect([...cores].map(([id, { logicalCpUs }]) => [id, logicalCpUs])).toEqual([
    ['0-0', [0, 2]],
    ['0-1', [1, 3]],
  ]);
  expect(cores.get('0-0')).toMatchObject({
    socket: '0',
    coreId: '0',
    coresPerSocket: 2,
    threadsPerSocket: 4,
    modelName: 'Some CPU',
  });
});

test('where sockets and cores are not told, each processor is a core', () => {
  expect([...cpuCoresOf(parseCpuInfo('processor : 0\n\nprocessor : 1\n')).keys()]).toEqual(['0-0', '0-1']);
});

test('a PCI device has its numbers and its driver', () => {
  const told = { classText: '0x020000', vendor: '0x1af4', product: '0x1041', driver: '../../../bus/pci/drivers/virtio-pci' };
  expect(pciDeviceOf(told)).toMatchObject({
    classId: '0x02',
    subclassId: '0x00',
    vendorId: '0x1af4',
    productId: '0x1041',
    driver: 'virtio-pci',
  });
  expect(pciDeviceOf({ classText: '', vendor: '', product: '', driver: '' })).toMatchObject({ classId: '0x00', driver: '' });
});
