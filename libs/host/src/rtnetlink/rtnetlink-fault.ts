import { Fault, type FaultFields, type FaultKind } from '@minos/base';

const KINDS: Readonly<Record<string, FaultKind>> = {
  EEXIST: 'exists',
  ENOENT: 'missing',
  ENODEV: 'missing',
  ESRCH: 'missing',
  EADDRNOTAVAIL: 'missing',
  EPERM: 'denied',
  EACCES: 'denied',
  EINVAL: 'invalid',
  ERANGE: 'invalid',
  ENETUNREACH: 'precondition',
  EHOSTUNREACH: 'precondition',
  ENETDOWN: 'precondition',
  ENOTSUP: 'unimplemented',
  EBUSY: 'unavailable',
  ENOMEM: 'exhausted',
  ENOBUFS: 'exhausted',
};

/** The Fault for a request that rtnetlink(7) refused with an errno; the code is also in `fields.errno`. */
export function rtnetlinkFault(code: string, action: string, fields: FaultFields): Fault {
  return new Fault(KINDS[code] ?? 'unknown', `cannot ${action}: ${code}`, { ...fields, errno: code });
}
