import { blockDeviceType, diskType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { readBlockDevices } from './block-devices.ts';
import { diskSpecOf } from './disk-messages.ts';
import { readDisks } from './read-disks.ts';

const LOOK_AGAIN_MS = 30_000;

/** Shows the disks and the other block devices of the machine. */
export const disksController: Controller = {
  name: 'block.DisksController',
  inputs: [],
  outputs: exclusive(diskType, blockDeviceType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async ({ host }, writer) => {
    const disks = await readDisks(host.files);
    await writer.replaceAll(diskType, new Map(disks.map((disk) => [disk.name, diskSpecOf(disk)])));
    await writer.replaceAll(blockDeviceType, await readBlockDevices(host.files));
  },
};
