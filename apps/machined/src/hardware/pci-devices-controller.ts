import { PCIDeviceSpec } from '@minos/api/resource-specs';
import type { Files } from '@minos/host';
import { pciDeviceType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { listAttributes, orNothing, readAttribute } from '../runtime/read-attribute.ts';

const DEVICES = '/sys/bus/pci/devices';
const LOOK_AGAIN_MS = 60_000;

/** Shows the devices on the PCI bus, by their numbers; a driver may take one at any time. */
export const pciDevicesController: Controller = {
  name: 'hardware.PCIDevicesController',
  inputs: [],
  outputs: exclusive(pciDeviceType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async ({ host }, writer) => {
    const addresses = await listAttributes(host.files, DEVICES);
    const devices = await Promise.all(
      addresses.map(async (address) => [address, await readDevice(host.files, address)] as const),
    );
    await writer.replaceAll(pciDeviceType, new Map(devices));
  },
};

async function readDevice(files: Files, address: string): Promise<PCIDeviceSpec> {
  const folder = `${DEVICES}/${address}`;
  const [classText, vendor, product] = await Promise.all(
    ['class', 'vendor', 'device'].map((name) => readAttribute(files, `${folder}/${name}`)),
  );
  const driver = await orNothing(() => files.readLink(`${folder}/driver`));
  return pciDeviceOf({ classText: classText ?? '', vendor: vendor ?? '', product: product ?? '', driver: driver ?? '' });
}

/** From the kernel's `0x020000` (class, subclass, interface), `0x1af4` and the link to the driver; pure. */
export function pciDeviceOf(told: {
  readonly classText: string;
  readonly vendor: string;
  readonly product: string;
  readonly driver: string;
}): PCIDeviceSpec {
  const numbers = told.classText.replace(/^0x/, '').padStart(6, '0');
  return PCIDeviceSpec.fromPartial({
    classId: `0x${numbers.slice(0, 2)}`,
    subclassId: `0x${numbers.slice(2, 4)}`,
    vendorId: told.vendor,
    productId: told.product,
    driver: told.driver.slice(told.driver.lastIndexOf('/') + 1),
  });
}
