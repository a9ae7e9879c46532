import { SystemInformationSpec } from '@minos/api/resource-specs';
import type { Files } from '@minos/host';
import { memoryModuleType, metaKeyType, processorType, systemInformationType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { orNothing, readAttribute } from '../runtime/read-attribute.ts';
import { parseSmbios } from './smbios.ts';
import { memoryModulesOf, processorsOf, systemInformationOf } from './system-hardware.ts';

const TABLE = '/sys/firmware/dmi/tables/DMI';
const DMI = '/sys/class/dmi/id';
/** In META: a UUID to use instead of the firmware's. */
const UUID_KEY = '0x0f';

/** Shows what the firmware says about the machine, its processors and its memory. */
export const systemHardwareController: Controller = {
  name: 'hardware.SystemInfoController',
  inputs: [{ type: metaKeyType, id: UUID_KEY, strength: 'weak' }],
  outputs: exclusive(systemInformationType, processorType, memoryModuleType),
  reconcile: async ({ host, state }, writer) => {
    const table = parseSmbios((await orNothing(() => host.files.read(TABLE))) ?? Buffer.alloc(0));
    const told = systemInformationOf(table) ?? (await fromAttributes(host.files));
    const uuid = state.peek(metaKeyType, UUID_KEY)?.spec.value ?? told?.uuid ?? '';
    const information = told === undefined && uuid === '' ? [] : [['systeminformation', withUuid(told, uuid)] as const];
    await writer.replaceAll(systemInformationType, new Map(information));
    await writer.replaceAll(processorType, processorsOf(table));
    await writer.replaceAll(memoryModuleType, memoryModulesOf(table));
  },
};

function withUuid(told: SystemInformationSpec | undefined, uuid: string): SystemInformationSpec {
  return SystemInformationSpec.fromPartial({ ...told, uuid });
}

/** The same from the kernel's own reading of the table, where the table itself is not to be had. */
async function fromAttributes(files: Files): Promise<SystemInformationSpec | undefined> {
  const names = [
    'sys_vendor',
    'product_name',
    'product_version',
    'product_serial',
    'product_uuid',
    'product_sku',
    'bios_version',
  ];
  const values = await Promise.all(names.map((name) => readAttribute(files, `${DMI}/${name}`)));
  if (values.every((value) => value === '')) return undefined;
  const [manufacturer = '', productName = '', version = '', serialNumber = '', uuid = '', skuNumber = '', biosVersion = ''] =
    values;
  return SystemInformationSpec.fromPartial({ manufacturer, productName, version, serialNumber, uuid, skuNumber, biosVersion });
}
