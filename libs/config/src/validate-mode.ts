import type { Problem } from '@minos/base';
import type { MachineConfig } from './machine-config.ts';
import { type ConfigDocument, documentRoot } from './read-documents.ts';
import { LEGACY_KIND } from './shape/document-kinds.ts';
import { listAt, textAt, valueAt } from './yaml-value.ts';

/** Where a node runs, which decides what else its configuration must say. */
export type NodeMode = 'metal' | 'cloud' | 'container' | 'metal-agent';

/** Every mode there is. */
export const NODE_MODES: readonly [NodeMode, ...NodeMode[]] = ['metal', 'cloud', 'container', 'metal-agent'];

/** What a right configuration lacks for the place where it is to run; no node is needed to say so. Pure. */
export function validateMode(config: MachineConfig, mode: NodeMode): readonly Problem[] {
  const legacy = config.documents.find((d) => d.kind === LEGACY_KIND);
  if (mode === 'metal') return legacy === undefined ? [] : installProblems(legacy);
  return mode === 'container' ? hostDnsProblems(config, legacy) : [];
}

/** `machine.install` may be left out; what it says must be whole. */
function installProblems(legacy: ConfigDocument): readonly Problem[] {
  const install = valueAt(legacy.value, 'machine', 'install');
  if (install === undefined) return [];
  const problems: Problem[] = [];
  const report = (key: string, expected: string): void => {
    const at = ['machine', 'install', ...(key === '' ? [] : [key])];
    problems.push({ path: at.join('.'), expected, found: `what stands at line ${legacy.positionOf(at)}` });
  };
  if (textAt(install, 'disk') === undefined && valueAt(install, 'diskSelector') === undefined)
    report('', 'a disk or a diskSelector');
  if (listAt(install, 'extraKernelArgs').length > 0 && valueAt(install, 'grubUseUKICmdline') === true) {
    report('extraKernelArgs', 'no arguments where grubUseUKICmdline is true');
  }
  const images = listAt(install, 'extensions').map((extension) => textAt(extension, 'image'));
  if (new Set(images).size < images.length) report('extensions', 'each image once');
  return problems;
}

/** In a container the addresses of name servers are the host's, which only the node itself can reach. */
function hostDnsProblems(config: MachineConfig, legacy: ConfigDocument | undefined): readonly Problem[] {
  const resolver = config.documents.find((d) => d.kind === 'ResolverConfig' && valueAt(d.value, 'hostDNS') !== undefined);
  const hostDns = valueAt(resolver?.value, 'hostDNS') ?? valueAt(legacy?.value, 'machine', 'features', 'hostDNS');
  const path = resolver === undefined ? 'machine.features.hostDNS' : `${documentRoot(resolver)}.hostDNS`;
  return ['enabled', 'forwardKubeDNSToHost']
    .filter((key) => valueAt(hostDns, key) !== true)
    .map((key) => ({ path: `${path}.${key}`, expected: 'true, in a container' }));
}
