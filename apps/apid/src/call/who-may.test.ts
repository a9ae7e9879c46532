import { describe, expect, test } from '@jest/globals';
import { allMethodRows, type MethodRow, mayFanOut, ROLES, type Role } from '@minos/api';
import { Field, Head } from '@minos/http2';
import { callerOf } from '../identity/caller.ts';
import { type CallPlan, type CallSettings, planCall } from './call-plan.ts';

const CONFIGURED: CallSettings = { isRoutingDisabled: false, canForward: true, isLocal: () => false, stage: 'configured' };
const MAINTENANCE: CallSettings = { ...CONFIGURED, isRoutingDisabled: true, canForward: false, stage: 'maintenance' };

/** The ways a call can come in, by the headers that say so and what it becomes when it may. */
const WAYS = {
  direct: { headers: [], becomes: () => 'local' },
  forwarded: { headers: [['node', '10.5.0.3']], becomes: () => 'one' },
  'fan-out': {
    headers: [
      ['nodes', '10.5.0.3'],
      ['nodes', '10.5.0.4'],
    ],
    becomes: (row: MethodRow) => (mayFanOut(row.path) ? 'many' : 'no fan-out'),
  },
} as const satisfies Record<string, { headers: readonly (readonly [string, string])[]; becomes: (row: MethodRow) => string }>;

/** Who calls: by the roles of the certificate, or of the header when another apid calls. */
const CALLERS = {
  'by certificate': (role: Role | undefined) => ({ organizations: role === undefined ? [] : [role], claims: [] as string[] }),
  'by another apid': (role: Role | undefined) => ({
    organizations: ['os:impersonator'],
    claims: role === undefined ? [] : [role],
  }),
  'by a claim of its own': (role: Role | undefined) => ({
    organizations: [] as string[],
    claims: role === undefined ? [] : [role],
  }),
} as const;

function outcome(plan: CallPlan): string {
  if (plan.kind !== 'refused') return plan.kind;
  if (plan.error.code === 7 && plan.error.message === 'not authorized') return 'denied';
  return plan.error.message.startsWith('one-2-many proxying is not supported') ? 'no fan-out' : plan.error.message;
}

function ask(
  row: MethodRow,
  headers: readonly (readonly [string, string])[],
  organizations: readonly string[],
  settings = CONFIGURED,
): string {
  const fixed = [
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', row.path],
    ['content-type', 'application/grpc'],
  ] as const;
  const head = new Head([...fixed, ...headers].map(([name, value]) => new Field(name, value)));
  const caller = callerOf({ peer: '', organizations, notBeforeMs: 0, notAfterMs: Number.MAX_VALUE, connectedMs: 0 });
  return outcome(planCall(head, caller, settings));
}

const rows = allMethodRows();

describe('every method × every role × every way', () => {
  test.each(rows.map((row) => [row.path, row] as const))('%s', (_path, row) => {
    for (const [who, callerWith] of Object.entries(CALLERS)) {
      for (const role of [...ROLES, undefined]) {
        const { organizations, claims } = callerWith(role);
        for (const [way, { headers, becomes }] of Object.entries(WAYS)) {
          const claimed = claims.map((claim) => ['talos-role', claim] as const);
          const isOpen =
            who !== 'by a claim of its own' && role !== undefined && row.daemon === 'machined' && row.roles.includes(role);
          const got = ask(row, [...headers, ...claimed], organizations);
          expect([who, role, way, got]).toEqual([who, role, way, isOpen ? becomes(row) : 'denied']);
        }
      }
    }
  });
});

test('a role that is open to nobody opens nothing', () => {
  expect(rows.filter((row) => row.roles.includes('os:impersonator'))).toEqual([]);
});

test('in maintenance a reader gets what the table says, and targets mean nothing', () => {
  for (const row of rows) {
    const isOpen = row.daemon === 'machined' && (row.roles.includes('os:reader') || row.maintenanceReader);
    for (const { headers } of Object.values(WAYS)) {
      expect([row.path, ask(row, headers, ['os:reader'], MAINTENANCE)]).toEqual([row.path, isOpen ? 'local' : 'denied']);
    }
  }
});

test('what another apid forwarded stays here, whatever it asks for', () => {
  for (const row of rows.filter((r) => r.daemon === 'machined')) {
    const forwarded = [
      ['proxyfrom', '10.5.0.2'],
      ['talos-role', 'os:admin'],
      ['node', '10.5.0.4'],
      ['nodes', '10.5.0.5'],
    ] as const;
    expect([row.path, ask(row, forwarded, ['os:impersonator'])]).toEqual([
      row.path,
      row.roles.includes('os:admin') ? 'local' : 'denied',
    ]);
  }
});
