import { createHash } from 'node:crypto';
import type { ConfigEvent, ConfigPhase } from './config-table.ts';

/** A configuration on STATE beside the kept one: staged, or on trial. Written and forgotten as a whole. */
export interface ConfigRecord {
  readonly kind: 'staged' | 'staged-trial' | 'trial';
  readonly id: string;
  /** Digest of the configuration that was kept then; with another one the record means nothing. */
  readonly base: string;
  readonly text: string;
  /** Wall clock at its begin. */
  readonly sinceMs: number;
  /** How long the trial may last; 0 for what is only staged. */
  readonly timeoutMs: number;
  /** The boot that it is in force in. */
  readonly boot: string;
  /** Starts of machined since. */
  readonly starts: number;
}

/** A configuration that makes machined fail again and again is given up before its time. */
const MOST_STARTS = 5;
const KINDS: ReadonlySet<unknown> = new Set(['staged', 'staged-trial', 'trial']);

/** What tells configurations apart: hexadecimal SHA-256 of the text; empty for none. */
export function configDigest(text: string | undefined): string {
  return text === undefined ? '' : createHash('sha256').update(text).digest('hex');
}

/** The text of a record, as on STATE. */
export function formatConfigRecord(record: ConfigRecord): string {
  return `${JSON.stringify({ version: 1, ...record })}\n`;
}

/** Reads a record; undefined when it is none. */
export function parseConfigRecord(text: string): ConfigRecord | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(raw) && raw.version === 1 ? raw : undefined;
}

function isRecord(raw: unknown): raw is ConfigRecord & { readonly version: unknown } {
  if (typeof raw !== 'object' || raw === null || !('kind' in raw) || !KINDS.has(raw.kind)) return false;
  const has = (key: string, type: 'string' | 'number'): boolean =>
    Object.entries(raw).some(([name, value]) => name === key && typeof value === type);
  const texts = ['id', 'base', 'text', 'boot'].every((key) => has(key, 'string'));
  return texts && ['version', 'sinceMs', 'timeoutMs', 'starts'].every((key) => has(key, 'number'));
}

/** How the node stands, by the two files on STATE; a record for another kept configuration counts as none. Pure. */
export function configPhase(kept: string | undefined, record: ConfigRecord | undefined): ConfigPhase {
  if (record !== undefined && record.base === configDigest(kept)) return record.kind;
  return kept === undefined ? 'empty' : 'settled';
}

/** What a start of machined means for the configurations: another boot, the end of a trial, or just a start. Pure. */
export function eventOfStart(
  record: ConfigRecord | undefined,
  now: { readonly boot: string; readonly nowMs: number },
): ConfigEvent {
  if (record === undefined || record.boot !== now.boot) return 'boot';
  if (record.kind !== 'trial') return 'restart';
  return remainingMs(record, now.nowMs) === 0 || record.starts >= MOST_STARTS ? 'revert' : 'restart';
}

/** What is left of a trial, by the wall clock; a clock that went back gives no more than the whole time. Pure. */
export function remainingMs({ sinceMs, timeoutMs }: ConfigRecord, nowMs: number): number {
  return Math.max(0, Math.min(timeoutMs, sinceMs + timeoutMs - nowMs));
}
