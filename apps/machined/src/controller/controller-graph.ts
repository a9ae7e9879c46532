import { type ControllerDependencyEdge, DependencyEdgeType as Edge } from '@minos/api/inspect';
import { diagnosticType } from '@minos/resource';
import { MEMBERSHIP_FACTS } from '../cluster/membership-controller.ts';
import { ETC_FACTS } from '../network/etc-controller.ts';
import { CONFIG_FACTS } from '../node-config/config-publish.ts';
import { DAEMON_ACCESS } from '../runtime/daemon-access.ts';
import { MACHINE_INFO_FACTS } from '../runtime/machine-info.ts';
import { CERT_SAN_FACTS } from '../secrets/follow-cert-sans.ts';
import { SECRETS_FACTS } from '../secrets/run-secrets.ts';
import { MACHINE_STATUS_FACTS } from '../status/machine-status.ts';
import { SERVICE_FACTS } from '../status/service-status.ts';
import { type ControllerFacts, type ControllerInput, type ControllerOutput, shared, strong } from './controller-facts.ts';
import { CONTROLLERS } from './controller-list.ts';
import { CONTROLLER_DIAGNOSTICS } from './run-controller.ts';

const DIAGNOSTICS: readonly ControllerFacts[] = ['runtime.DiagnosticsController', CONTROLLER_DIAGNOSTICS].map((name) => ({
  name,
  inputs: [],
  outputs: shared(diagnosticType),
}));

/** Everybody who writes to the state from within machined. */
export const OWN_FACTS: readonly ControllerFacts[] = [
  ...CONFIG_FACTS,
  ...MACHINE_INFO_FACTS,
  SERVICE_FACTS,
  MACHINE_STATUS_FACTS,
  ...MEMBERSHIP_FACTS,
  ETC_FACTS,
  CERT_SAN_FACTS,
  ...SECRETS_FACTS,
  ...DIAGNOSTICS,
  ...CONTROLLERS.map(({ name, inputs, outputs }) => ({ name, inputs, outputs })),
];

/** The other daemons, each as one: what they may see and what they write. */
export const DAEMON_FACTS: readonly ControllerFacts[] = Object.entries(DAEMON_ACCESS).map(([name, { readable, owned }]) => ({
  name,
  inputs: strong(...readable),
  outputs: shared(...owned),
}));

/** The graph of controllers and resources, as edges: for each controller its inputs, then its outputs; pure. */
export function dependencyEdges(facts: readonly ControllerFacts[]): ControllerDependencyEdge[] {
  return facts.flatMap(({ name, inputs, outputs }) => [
    ...inputs.map((input) => inputEdge(name, input)),
    ...outputs.map((output) => outputEdge(name, output)),
  ]);
}

function inputEdge(controllerName: string, { type, id, strength }: ControllerInput): ControllerDependencyEdge {
  return {
    controllerName,
    edgeType: strength === 'strong' ? Edge.INPUT_STRONG : Edge.INPUT_WEAK,
    resourceNamespace: type.defaultNamespace,
    resourceType: type.type,
    resourceId: id ?? '',
  };
}

function outputEdge(controllerName: string, { type, sharing }: ControllerOutput): ControllerDependencyEdge {
  return {
    controllerName,
    edgeType: sharing === 'exclusive' ? Edge.OUTPUT_EXCLUSIVE : Edge.OUTPUT_SHARED,
    resourceNamespace: '',
    resourceType: type.type,
    resourceId: '',
  };
}
