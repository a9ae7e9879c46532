import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { diagnosticType } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import { CONFIG_DIAGNOSTIC } from '../sequence/initialize-sequence.ts';
import type { SequenceProgress } from '../sequence/sequence-progress.ts';
import { networkNodes } from './network-nodes.ts';
import { diagnosticNodes, resourceNodes } from './resource-nodes.ts';
import { sequenceNodes } from './sequence-nodes.ts';
import { serviceNodes } from './service-nodes.ts';
import type { WaitGraph } from './wait-chain.ts';
import { metNode, unmetNode, type WaitNode } from './wait-node.ts';

/** All that the node waits for at this moment; `machine` is what waits for the rest. */
export async function waitGraph(machine: Machine, progress: SequenceProgress): Promise<WaitGraph> {
  const sequences = sequenceNodes(machine, progress);
  const services = serviceNodes(machine);
  const network = await networkNodes(machine);
  const diagnostics = await diagnosticNodes(machine);
  const nodes = [
    configurationNode(machine),
    ...sequences,
    ...network,
    ...services,
    ...resourceNodes(machine),
    ...diagnostics.filter(({ id }) => id !== `diagnostic/${CONFIG_DIAGNOSTIC}`),
  ];
  return new Map([machineNode(nodes), ...nodes].map((node) => [node.id, node]));
}

const DIRECT = ['configuration', 'network'];

function machineNode(nodes: readonly WaitNode[]): WaitNode {
  const isDirect = ({ id }: WaitNode): boolean => DIRECT.includes(id) || /^(?:sequence|service|diagnostic)\//.test(id);
  const unmet = nodes.filter((node) => !node.isMet && isDirect(node));
  if (unmet.length === 0) return metNode('machine', 'the machine is ready, and waits for nothing');
  return unmetNode('machine', 'the machine is not as it should be', {
    nextCommand: 'get machinestatus -o yaml',
    waitsFor: unmet.map(({ id }) => id),
  });
}

function configurationNode({ config, state, status }: Machine): WaitNode {
  const id = 'configuration';
  if (config.current !== undefined) return metNode(id, 'the configuration is in force');
  const diagnostic = state.peek(diagnosticType, CONFIG_DIAGNOSTIC)?.spec;
  const nextCommand = 'apply-config -f <file>';
  if (diagnostic !== undefined) {
    const [first = ''] = diagnostic.details;
    return unmetNode(id, `the configuration on STATE is wrong: ${first}`, { evidence: diagnostic.details, nextCommand });
  }
  if (status.stage === Stage.MACHINE_STAGE_MAINTENANCE) {
    return unmetNode(id, 'the node has no configuration', { evidence: ['it is in maintenance'], nextCommand });
  }
  return unmetNode(id, 'the configuration is not read yet', { waitsFor: ['sequence/initialize'] });
}
