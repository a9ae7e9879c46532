import type { APICertsSpec } from '@minos/api/resource-specs';
import type { MachineConfig } from '@minos/config';

/** Whether the API takes clients of the authorities of a configuration, and none that only the one before named. Pure. */
export function trustFollows(
  now: MachineConfig,
  before: MachineConfig | undefined,
  current: Pick<APICertsSpec, 'acceptedCAs'> | undefined,
): boolean {
  const there = new Set((current?.acceptedCAs ?? []).map(({ crt }) => Buffer.from(crt).toString('utf8').trim()));
  const wanted = authoritiesOf(now);
  const gone = before === undefined ? [] : [...authoritiesOf(before)].filter((pem) => !wanted.has(pem));
  return [...wanted].every((pem) => there.has(pem)) && gone.every((pem) => !there.has(pem));
}

function authoritiesOf({ ca, acceptedCAs }: MachineConfig): ReadonlySet<string> {
  return new Set([...(ca === undefined ? [] : [ca.certPem]), ...acceptedCAs].map((pem) => pem.trim()));
}
