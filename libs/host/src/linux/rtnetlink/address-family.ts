import type { Family } from '../../port/rtnetlink.ts';

/** AF_INET and AF_INET6, sys/socket.h. */
export const ADDRESS_FAMILY = { inet4: 2, inet6: 10 } as const satisfies Record<Family, number>;

/** The family with a number; undefined for one that the port does not know. */
export function familyFromNumber(number: number): Family | undefined {
  if (number === ADDRESS_FAMILY.inet4) return 'inet4';
  return number === ADDRESS_FAMILY.inet6 ? 'inet6' : undefined;
}
