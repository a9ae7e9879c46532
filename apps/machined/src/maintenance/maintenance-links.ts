import { LinkSpecSpec, type LinkStatusSpec, NethelpersLinkType, NetworkConfigLayer } from '@minos/api/resource-specs';

/** Links that are no devices of their own but made by somebody: they need a configuration. */
const OWN_KINDS: ReadonlySet<string> = new Set(['', 'veth']);

/** What a node without a configuration wants of its links: all of them up; and the loopback one. Pure. */
export function maintenanceLinks(
  links: readonly (Pick<LinkStatusSpec, 'kind' | 'type'> & { readonly name: string })[],
): ReadonlyMap<string, LinkSpecSpec> {
  const wanted = links.filter(({ kind, type }) => type === NethelpersLinkType.LINK_ETHER && OWN_KINDS.has(kind));
  const configLayer = NetworkConfigLayer.CONFIG_DEFAULT;
  const up = (name: string, type: LinkSpecSpec['type']): [string, LinkSpecSpec] => [
    name,
    LinkSpecSpec.fromPartial({ name, up: true, type, configLayer }),
  ];
  return new Map([
    up('lo', NethelpersLinkType.LINK_LOOPBCK),
    ...wanted.map(({ name }) => up(name, NethelpersLinkType.LINK_ETHER)),
  ]);
}
