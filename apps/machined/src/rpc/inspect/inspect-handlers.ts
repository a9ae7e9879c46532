import type { InspectServiceDefinition } from '@minos/api/inspect';
import type { Implementation } from '@minos/rpc';
import { DAEMON_FACTS, dependencyEdges, OWN_FACTS } from '../../controller/controller-graph.ts';

/** inspect.InspectService: who reads and writes which resources, by the declarations that the controllers run from. */
export function inspectHandlers(): Implementation<typeof InspectServiceDefinition> {
  const edges = dependencyEdges([...OWN_FACTS, ...DAEMON_FACTS]);
  return { ControllerRuntimeDependencies: async () => ({ messages: [{ metadata: undefined, edges }] }) };
}
