import { isIP } from 'node:net';
import type { CheckedDocument } from './checked-document.ts';
import { shownText } from './issue.ts';
import type { MachineConfig } from './machine-config.ts';
import { CONTROL_PLANE_KINDS } from './shape/document-kinds.ts';
import { textAt, valueAt } from './yaml-value.ts';

const TOKEN = /^\S+$/;
const DNS_NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/** Kinds that are checked and kept, but that nothing in this version acts on. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'BondConfig',
  'VRFConfig',
  'VethConfig',
  'WireguardConfig',
  'DHCPv4Config',
  'DHCPv6Config',
  'Layer2VIPConfig',
  'HCloudVIPConfig',
  'BlackholeRouteConfig',
  'RoutingRuleConfig',
  'NetworkRuleConfig',
  'NetworkDefaultActionConfig',
  'BGPInstanceConfig',
]);

/** What must hold across fields and documents of a whole configuration; issues go to the document that they are about. */
export function checkMachineRules(config: MachineConfig, checked: readonly CheckedDocument[], legacy: CheckedDocument): void {
  checkSections(legacy);
  checkToken(config, legacy);
  checkAuthorities(config, legacy);
  checkNames(config, legacy);
  checkKinds(config, checked);
}

function isControlPlane(config: MachineConfig): boolean {
  return config.machineType !== 'worker';
}

function checkSections({ document, issues, warnings }: CheckedDocument): void {
  for (const section of ['machine', 'cluster']) {
    if (valueAt(document.value, section) === undefined) issues.push({ at: [section], expected: 'a mapping', found: 'nothing' });
  }
  if (valueAt(document.value, 'persist') === false) issues.push({ at: ['persist'], expected: 'true, or no such key' });
  if (textAt(document.value, 'version') !== 'v1alpha1') warnings.push({ at: ['version'], expected: 'v1alpha1' });
}

function checkToken(config: MachineConfig, { issues }: CheckedDocument): void {
  if (!TOKEN.test(config.token.reveal())) {
    issues.push({ at: ['machine', 'token'], expected: 'the token of the cluster, without blanks' });
  }
}

function checkAuthorities(config: MachineConfig, { document, issues }: CheckedDocument): void {
  const hasCa = valueAt(document.value, 'machine', 'ca', 'crt') !== undefined;
  if (isControlPlane(config)) {
    if (config.ca === undefined && !hasCa) {
      issues.push({
        at: ['machine', 'ca'],
        expected: 'the issuing authority with its key; a control plane must have it',
        found: 'nothing',
      });
    } else if (config.ca !== undefined && config.ca.keyPem === undefined) {
      issues.push({
        at: ['machine', 'ca', 'key'],
        expected: 'the key of the issuing authority; a control plane must have it',
        found: 'nothing',
      });
    }
    return;
  }
  if (textAt(document.value, 'machine', 'ca', 'key') !== undefined) {
    issues.push({ at: ['machine', 'ca', 'key'], expected: 'no key; a worker must not have it' });
  }
  if (textAt(document.value, 'cluster', 'ca', 'key') !== undefined) {
    issues.push({ at: ['cluster', 'ca', 'key'], expected: 'no key; a worker must not have it' });
  }
  if (config.ca === undefined && !hasCa && config.acceptedCAs.length === 0) {
    issues.push({ at: ['machine', 'ca', 'crt'], expected: 'the certificate of the issuing authority', found: 'nothing' });
  }
}

function checkNames(config: MachineConfig, { issues }: CheckedDocument): void {
  config.certSANs.forEach((name, i) => {
    if (isIP(name) === 0 && !DNS_NAME.test(name)) {
      issues.push({
        at: ['machine', 'certSANs', i],
        expected: 'a DNS name or an IP address',
        found: shownText(name),
      });
    }
  });
}

function checkKinds(config: MachineConfig, checked: readonly CheckedDocument[]): void {
  for (const { document, issues, warnings } of checked) {
    if (!isControlPlane(config) && CONTROL_PLANE_KINDS.has(document.kind)) {
      issues.push({ at: [], expected: 'no such document on a worker' });
    }
    if (WITHOUT_EFFECT.has(document.kind))
      warnings.push({ at: [], expected: 'nothing: this document has no effect in this version' });
  }
}
