import { runTool } from './run-tool.ts';

/** A network link of the host. */
export interface Link {
  readonly name: string;
  readonly alias: string;
  /** IPv4 addresses without prefix lengths. */
  readonly addresses: readonly string[];
}

/** Every link of the host with its IPv4 addresses. */
export async function readLinks(): Promise<Link[]> {
  const shown: unknown = JSON.parse((await runTool('ip', ['-j', '-d', 'address', 'show'])) || '[]');
  return Array.isArray(shown) ? shown.flatMap(parseLink) : [];
}

function parseLink(value: unknown): Link[] {
  if (typeof value !== 'object' || value === null || !('ifname' in value) || typeof value.ifname !== 'string') return [];
  const alias = 'ifalias' in value && typeof value.ifalias === 'string' ? value.ifalias : '';
  const infos: readonly unknown[] = 'addr_info' in value && Array.isArray(value.addr_info) ? value.addr_info : [];
  return [{ name: value.ifname, alias, addresses: infos.flatMap(addressOf) }];
}

function addressOf(info: unknown): string[] {
  if (typeof info !== 'object' || info === null || !('local' in info) || typeof info.local !== 'string') return [];
  return 'family' in info && info.family === 'inet' ? [info.local] : [];
}
