import { hash, timingSafeEqual } from 'node:crypto';

/** What a caller's token is worth. */
export type TokenVerdict = 'right' | 'missing' | 'wrong';

/** Compares a token with the wanted one in a time that says nothing about either; pure. */
export function checkToken(given: string | undefined, wanted: string): TokenVerdict {
  if (given === undefined || given === '') return 'missing';
  const isEqual = timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
  return isEqual && wanted !== '' ? 'right' : 'wrong';
}
