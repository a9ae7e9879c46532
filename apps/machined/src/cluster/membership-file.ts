import { AffiliateSpec } from '@minos/api/resource-specs';
import type { KnownAffiliate } from './membership.ts';

/** The text that keeps affiliates on STATE: one object for each, its spec in base64 of its binary form. */
export function affiliatesText(known: Iterable<KnownAffiliate>): string {
  const entries = [...known].map(({ spec, expiresMs }) => ({
    hostname: spec.hostname,
    expiresMs,
    spec: Buffer.from(AffiliateSpec.encode(spec).finish()).toString('base64'),
  }));
  return `${JSON.stringify({ affiliates: entries }, undefined, 1)}\n`;
}

/** Reads such a text; what does not belong in it is left out. */
export function parseAffiliates(text: string): readonly KnownAffiliate[] {
  const raw = parseJson(text);
  const entries = typeof raw === 'object' && raw !== null && 'affiliates' in raw ? raw.affiliates : [];
  return Array.isArray(entries) ? entries.flatMap(parseEntry) : [];
}

function parseEntry(raw: unknown): KnownAffiliate[] {
  if (typeof raw !== 'object' || raw === null || !('spec' in raw) || typeof raw.spec !== 'string') return [];
  const expiresMs = 'expiresMs' in raw && typeof raw.expiresMs === 'number' ? raw.expiresMs : undefined;
  try {
    return [{ spec: AffiliateSpec.decode(Buffer.from(raw.spec, 'base64')), expiresMs }];
  } catch {
    return [];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
