import { MachineConfigSpec, MachineTypeSpec } from '@minos/api/resource-specs';
import { defineType } from './define-type.ts';
import { MACHINE_TYPE, textOf } from './enum-text.ts';

/** The machine configuration, byte for byte; ids `v1alpha1` (active) and `persistent`. Carries the annotation `talos.dev/yaml-spec`. */
export const machineConfigType = defineType<MachineConfigSpec>({
  type: 'MachineConfigs.config.talos.dev',
  displayType: 'MachineConfig',
  namespace: 'config',
  aliases: ['machineconfig', 'mc', 'mcs'],
  isSensitive: true,
  codec: MachineConfigSpec,
  toYaml: (s) => s.yamlMarshalled.toString('utf8'),
});

/** What the node is; id `machine-type`. */
export const machineTypeType = defineType<MachineTypeSpec>({
  type: 'MachineTypes.config.talos.dev',
  displayType: 'MachineType',
  namespace: 'config',
  aliases: ['machinetype', 'mt', 'mts'],
  columns: ['Type=@'],
  codec: MachineTypeSpec,
  toYaml: (s) => textOf(MACHINE_TYPE, s.machineType),
});
