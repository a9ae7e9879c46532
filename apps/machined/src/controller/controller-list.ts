import { countersController } from '../counters/counters-controller.ts';
import { cpuCoresController } from '../hardware/cpu-cores-controller.ts';
import { pciDevicesController } from '../hardware/pci-devices-controller.ts';
import { systemHardwareController } from '../hardware/system-hardware-controller.ts';
import { kernelModulesController } from '../kernel/kernel-modules-controller.ts';
import { kernelParamDefaultsController, kernelParamsController } from '../kernel/kernel-params-controller.ts';
import { metaController } from '../meta/meta-controller.ts';
import { hardwareAddressController } from '../network/hardware-address-controller.ts';
import type { Machine } from '../runtime/machine.ts';
import { servicePidsController } from '../service/service-pids-controller.ts';
import { discoveryController } from '../storage/discovery-controller.ts';
import { disksController } from '../storage/disks-controller.ts';
import { volumesController } from '../storage/volumes-controller.ts';
import { timeController } from '../time/time-controller.ts';
import type { Controller } from './controller.ts';
import { runController } from './run-controller.ts';

/** The controllers that show what the machine is. */
export const CONTROLLERS: readonly Controller[] = [
  metaController,
  systemHardwareController,
  cpuCoresController,
  pciDevicesController,
  disksController,
  volumesController,
  discoveryController,
  countersController,
  kernelModulesController,
  kernelParamDefaultsController,
  kernelParamsController,
  servicePidsController,
  hardwareAddressController,
  timeController,
];

/** Runs them all until aborted; one that fails is tried again by itself. */
export async function runControllers(machine: Machine, signal: AbortSignal): Promise<void> {
  await Promise.all(CONTROLLERS.map((controller) => runController(controller, machine, signal)));
}
