import { Field } from './field.ts';

const NAMES_AND_VALUES =
  ':authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|' +
  ':status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|' +
  'accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|' +
  'content-language|content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|' +
  'if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|' +
  'proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|' +
  'transfer-encoding|user-agent|vary|via|www-authenticate';

/** The static table of RFC 7541 appendix A; index 0 is not used. */
export const STATIC_TABLE: readonly Field[] = [
  new Field('', ''),
  ...NAMES_AND_VALUES.split('|').map((entry) => {
    const [name = '', value = ''] = entry.split('=');
    return new Field(name, value);
  }),
];

/** First index of the dynamic table. */
export const FIRST_DYNAMIC = STATIC_TABLE.length;

/** Where a static name first stands, and where it stands with each value. */
export interface StaticName {
  readonly nameIndex: number;
  readonly byValue: ReadonlyMap<string, number>;
}

/** The static table by name. */
export const STATIC_NAMES: ReadonlyMap<string, StaticName> = byName();

function byName(): ReadonlyMap<string, StaticName> {
  const names = new Map<string, { nameIndex: number; byValue: Map<string, number> }>();
  STATIC_TABLE.forEach((field, index) => {
    if (index === 0) return;
    const known = names.get(field.name) ?? { nameIndex: index, byValue: new Map<string, number>() };
    if (field.value !== '') known.byValue.set(field.value, index);
    names.set(field.name, known);
  });
  return names;
}
