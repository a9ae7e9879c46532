import { CPUCoreSpec, MemoryModuleSpec, PCIDeviceSpec, ProcessorSpec, SystemInformationSpec } from '@minos/api/resource-specs';
import { defineType, omitEmpty } from './define-type.ts';

/** What the firmware says about the machine; id `systeminformation`. */
export const systemInformationType = defineType<SystemInformationSpec>({
  type: 'SystemInformations.hardware.talos.dev',
  displayType: 'SystemInformation',
  namespace: 'hardware',
  aliases: ['systeminformation', 'systeminformation', 'si', 'sis'],
  columns: [
    'Manufacturer=.manufacturer',
    'ProductName=.productName',
    'Version=.version',
    'SerialNumber=.serialnumber',
    'UUID=.uuid',
    'WakeUpType=.wakeUpType',
    'SKUNumber=.skuNumber',
  ],
  codec: SystemInformationSpec,
  toYaml: (s) =>
    omitEmpty({
      manufacturer: s.manufacturer,
      productName: s.productName,
      version: s.version,
      serialnumber: s.serialNumber,
      uuid: s.uuid,
      wakeUpType: s.wakeUpType,
      skuNumber: s.skuNumber,
      biosVersion: s.biosVersion,
    }),
});

/** Processor packages; id = socket. */
export const processorType = defineType<ProcessorSpec>({
  type: 'Processors.hardware.talos.dev',
  displayType: 'Processor',
  namespace: 'hardware',
  aliases: ['cpus', 'cpu', 'processor'],
  columns: ['Manufacturer=.manufacturer', 'Model=.productName', 'Cores=.coreCount', 'Threads=.threadCount'],
  codec: ProcessorSpec,
  toYaml: (s) =>
    omitEmpty({
      socket: s.socket,
      manufacturer: s.manufacturer,
      productName: s.productName,
      maxSpeedMhz: s.maxSpeed,
      bootSpeedMhz: s.bootSpeed,
      status: s.status,
      serialNumber: s.serialNumber,
      assetTag: s.assetTag,
      partNumber: s.partNumber,
      coreCount: s.coreCount,
      coreEnabled: s.coreEnabled,
      threadCount: s.threadCount,
    }),
});

/** Cores of the processors; id = `<socket>-<core>`. */
export const cpuCoreType = defineType<CPUCoreSpec>({
  type: 'CPUCores.hardware.talos.dev',
  displayType: 'CPUCore',
  namespace: 'hardware',
  aliases: ['cpucore', 'cpucores', 'cpucore', 'cpuc', 'cpucs'],
  columns: ['Socket=.socket', 'Core=.coreID', 'Model=.modelName', 'Logical CPUs=.logicalCPUs'],
  codec: CPUCoreSpec,
  toYaml: (s) =>
    omitEmpty({
      socket: s.socket,
      coreID: s.coreId,
      logicalCPUs: s.logicalCpUs,
      vendorID: s.vendorId,
      cpuFamily: s.cpuFamily,
      model: s.model,
      modelName: s.modelName,
      stepping: s.stepping,
      microcode: s.microcode,
      cacheSize: s.cacheSize,
      coresPerSocket: s.coresPerSocket,
      threadsPerSocket: s.threadsPerSocket,
      flags: s.flags,
      bugs: s.bugs,
      bogoMips: s.bogoMips,
      addressSizes: s.addressSizes,
    }),
});

/** Memory modules; id = where it sits. */
export const memoryModuleType = defineType<MemoryModuleSpec>({
  type: 'MemoryModules.hardware.talos.dev',
  displayType: 'MemoryModule',
  namespace: 'hardware',
  aliases: ['memorymodules', 'ram', 'memorymodule', 'mm', 'mms'],
  columns: ['Manufacturer=.manufacturer', 'Model=.productName', 'SizeMiB=.sizeMiB'],
  codec: MemoryModuleSpec,
  toYaml: (s) =>
    omitEmpty({
      sizeMiB: s.size,
      deviceLocator: s.deviceLocator,
      bankLocator: s.bankLocator,
      speed: s.speed,
      manufacturer: s.manufacturer,
      serialNumber: s.serialNumber,
      assetTag: s.assetTag,
      productName: s.productName,
    }),
});

/** Devices on the PCI bus; id = bus address. */
export const pciDeviceType = defineType<PCIDeviceSpec>({
  type: 'PCIDevices.hardware.talos.dev',
  displayType: 'PCIDevice',
  namespace: 'hardware',
  aliases: ['devices', 'device', 'pcidevice', 'pcid', 'pcids'],
  columns: ['Class=.class', 'Subclass=.subclass', 'Vendor=.vendor', 'Product=.product'],
  codec: PCIDeviceSpec,
  toYaml: (s) => ({
    ...omitEmpty({ class: s.class, subclass: s.subclass, vendor: s.vendor, product: s.product }),
    class_id: s.classId,
    subclass_id: s.subclassId,
    vendor_id: s.vendorId,
    product_id: s.productId,
    ...omitEmpty({ driver: s.driver }),
  }),
});
