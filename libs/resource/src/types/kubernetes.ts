import { NodeLabelSpecSpec } from '@minos/api/resource-specs';
import { defineType } from './define-type.ts';

/** Labels that the node is to have, from `machine.nodeLabels`; id = key. */
export const nodeLabelSpecType = defineType<NodeLabelSpecSpec>({
  type: 'NodeLabelSpecs.k8s.talos.dev',
  displayType: 'NodeLabelSpec',
  namespace: 'k8s',
  aliases: ['nodelabelspec', 'nls'],
  columns: ['Value=.value'],
  isSensitive: true,
  codec: NodeLabelSpecSpec,
  toYaml: (s) => ({ key: s.key, value: s.value }),
});
