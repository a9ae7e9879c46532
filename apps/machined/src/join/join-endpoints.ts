import { isIP } from 'node:net';

/** Where a trustd may be. */
export interface JoinEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Port of trustd. */
export const TRUSTD_PORT = 50_001;

/** Where to ask for a certificate: addresses before names, each once, without those that are empty. Pure. */
export function joinEndpoints(
  controlPlaneUrl: string,
  others: readonly string[],
  port: number = TRUSTD_PORT,
): readonly JoinEndpoint[] {
  const fromUrl = URL.canParse(controlPlaneUrl) ? new URL(controlPlaneUrl).hostname.replace(/^\[|\]$/g, '') : '';
  const hosts = [...new Set([fromUrl, ...others].filter((host) => host !== ''))];
  const addresses = hosts.filter((host) => isIP(host) !== 0).sort();
  const names = hosts.filter((host) => isIP(host) === 0);
  return [...addresses, ...names].map((host) => ({ host, port }));
}
