import { expect, test } from '@jest/globals';
import { AffiliateSpec } from '@minos/api/resource-specs';
import { netIp } from '@minos/resource';
import { membersOf } from './membership.ts';
import { affiliatesText, parseAffiliates } from './membership-file.ts';

const affiliate = (nodeId: string, hostname: string, expiresMs: number | undefined = undefined) => ({
  spec: AffiliateSpec.fromPartial({ nodeId, hostname, addresses: [netIp('10.5.0.3')] }),
  expiresMs,
});

test('members are the affiliates with a name and an address that have not expired', () => {
  const nameless = affiliate('id3', '');
  const known = [affiliate('id1', 'n1'), affiliate('id2', 'n2', 50), nameless, affiliate('id4', 'n4', 200)];
  expect([...membersOf(known, 100).keys()].sort()).toEqual(['n1', 'n4']);
});

test('of two with one name, the one that is valid longer counts', () => {
  const known = [affiliate('new', 'n1', 300), affiliate('old', 'n1', 200)];
  expect(membersOf(known, 100).get('n1')?.nodeId).toBe('new');
});

test('what is written to STATE is read back, and what does not belong there is left out', () => {
  const known = [affiliate('id1', 'n1', 123), affiliate('id2', 'n2')];
  expect(parseAffiliates(affiliatesText(known))).toEqual(known);
  expect(parseAffiliates('not json')).toEqual([]);
  expect(parseAffiliates('{"affiliates":[1,{"spec":"////"}]}')).toEqual([]);
});
