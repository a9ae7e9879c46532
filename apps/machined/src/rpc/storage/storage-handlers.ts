import type { StorageServiceDefinition as MachineStorage } from '@minos/api/machine';
import type { StorageServiceDefinition } from '@minos/api/storage';
import { Fault } from '@minos/base';
import type { Files } from '@minos/host';
import type { Implementation } from '@minos/rpc';
import { diskMessageOf } from '../../storage/disk-messages.ts';
import { readDisks } from '../../storage/read-disks.ts';
import { fileFault, machinePath } from '../files/machine-path.ts';

/** storage.StorageService: the disks of the machine, which this version only looks at. */
export function storageHandlers(files: Files): Implementation<typeof StorageServiceDefinition> {
  return {
    Disks: async () => ({ messages: [{ metadata: undefined, disks: (await readDisks(files)).map(diskMessageOf) }] }),
    BlockDeviceWipe: async () => {
      throw new Fault('precondition', 'this version does not write to disks; wipe them from outside');
    },
  };
}

/** machine.StorageService: how full a file system is. */
export function statfsHandlers(files: Files): Implementation<typeof MachineStorage> {
  return {
    Statfs: async (request) => {
      const path = machinePath(request.path);
      try {
        const { totalBytes, freeBytes, availableBytes, inodes, freeInodes } = await files.space(path);
        return {
          size: totalBytes,
          used: totalBytes - freeBytes,
          available: availableBytes,
          inodes,
          inodesUsed: inodes - freeInodes,
          inodesFree: freeInodes,
        };
      } catch (e) {
        throw fileFault(e, path);
      }
    },
  };
}
