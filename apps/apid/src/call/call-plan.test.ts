import { describe, expect, test } from '@jest/globals';
import { allMethodRows, ROLES, type Role } from '@minos/api';
import { Field, Head } from '@minos/http2';
import { callerOf } from '../identity/caller.ts';
import { type CallPlan, type CallSettings, planCall } from './call-plan.ts';

const settings: CallSettings = { isRoutingDisabled: false, canForward: true, isLocal: () => false, stage: 'configured' };
const VERSION = '/machine.MachineService/Version';

function request(path: string, headers: readonly [string, string][] = []): Head {
  const fixed: [string, string][] = [
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', path],
    [':authority', '10.5.0.2'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ];
  return new Head([...fixed, ...headers].map(([name, value]) => new Field(name, value)));
}

const caller = (...organizations: string[]) =>
  callerOf({ peer: '', organizations, notBeforeMs: 0, notAfterMs: Number.MAX_VALUE, connectedMs: 0 });
const sent = (plan: CallPlan, name: string): string[] =>
  'head' in plan ? plan.head.fields.filter((f) => f.name === name).map((f) => f.value) : ['nothing was sent'];

describe('every method of the table is open to exactly the roles of its row', () => {
  const rows = allMethodRows();
  test('there are rows for all', () => expect(rows.filter((row) => row.daemon === 'machined').length).toBeGreaterThanOrEqual(81));
  test.each(rows.map((row) => [row.path, row] as const))('%s', (path, row) => {
    for (const role of [...ROLES, undefined]) {
      const plan = planCall(request(path), caller(...(role === undefined ? [] : [role])), settings);
      const isOpen = role !== undefined && row.daemon === 'machined' && row.roles.includes(role satisfies Role);
      expect(plan).toMatchObject(isOpen ? { kind: 'local' } : { kind: 'refused', error: { code: 7, message: 'not authorized' } });
    }
  });
});

test('a method without a row is refused, to an administrator too', () => {
  expect(planCall(request('/machine.MachineService/Nothing'), caller('os:admin'), settings)).toMatchObject({
    kind: 'refused',
    error: { code: 12 },
  });
  expect(planCall(request('/machine.MachineService/Version/'), caller('os:admin'), settings)).toMatchObject({ kind: 'refused' });
});

test('a reader may apply a configuration only while the node has none', () => {
  const apply = request('/machine.MachineService/ApplyConfiguration');
  expect(planCall(apply, caller('os:reader'), settings)).toMatchObject({ kind: 'refused' });
  expect(planCall(apply, caller('os:reader'), { ...settings, stage: 'maintenance' })).toMatchObject({ kind: 'local' });
});

test('a certificate without roles gets none from its headers, and machined sees none', () => {
  const claims = request(VERSION, [['talos-role', 'os:admin']]);
  expect(planCall(claims, caller(), settings)).toMatchObject({ kind: 'refused', error: { code: 7 } });
});

test('what a client claims is taken out, and the roles of its certificate are put in', () => {
  const plan = planCall(
    request(VERSION, [
      ['talos-role', 'os:admin'],
      ['x-own', '1'],
    ]),
    caller('os:reader', 'os:operator'),
    settings,
  );
  expect(sent(plan, 'talos-role')).toEqual(['os:operator', 'os:reader']);
  expect(sent(plan, 'x-own')).toEqual(['1']);
});

test('another apid says for whom it calls, in one field or several, and that replaces its own roles', () => {
  const joined = planCall(
    request(VERSION, [['talos-role', 'os:reader, os:operator']]),
    caller('os:impersonator', 'os:admin'),
    settings,
  );
  expect(sent(joined, 'talos-role')).toEqual(['os:operator', 'os:reader']);
  const apart = planCall(
    request(VERSION, [
      ['talos-role', 'os:reader'],
      ['talos-role', 'os:new'],
    ]),
    caller('os:impersonator'),
    settings,
  );
  expect(sent(apart, 'talos-role')).toEqual(['os:new', 'os:reader']);
  expect(planCall(request(VERSION), caller('os:impersonator'), settings)).toMatchObject({ kind: 'refused', error: { code: 7 } });
});

test('`proxyfrom` of a client keeps the call here and goes no further', () => {
  const plan = planCall(
    request(VERSION, [
      ['proxyfrom', 'x'],
      ['node', '10.5.0.3'],
    ]),
    caller('os:reader'),
    settings,
  );
  expect(plan.kind).toBe('local');
  expect(sent(plan, 'proxyfrom')).toEqual([]);
});

test('a forwarded call names its sender and no targets', () => {
  const plan = planCall(
    request(VERSION, [
      ['node', '10.5.0.3'],
      ['proxyfrom2', 'kept'],
    ]),
    caller('os:reader'),
    settings,
  );
  expect(plan).toMatchObject({ kind: 'one', target: '10.5.0.3' });
  expect(sent(plan, 'node')).toEqual([]);
  expect(sent(plan, ':authority')).toEqual(['10.5.0.3']);
  expect(sent(plan, 'proxyfrom')).toEqual(['10.5.0.2']);
  expect(sent(plan, 'talos-role')).toEqual(['os:reader']);
  expect(sent(plan, 'proxyfrom2')).toEqual(['kept']);
});

test.each<[string, [string, string][], readonly string[]]>([
  [
    'repeated',
    [
      ['nodes', 'a'],
      ['nodes', 'b'],
    ],
    ['a', 'b'],
  ],
  ['joined with commas', [['nodes', 'a, b,c']], ['a', 'b', 'c']],
  [
    'both',
    [
      ['nodes', 'a,b'],
      ['nodes', ' c '],
    ],
    ['a', 'b', 'c'],
  ],
])('values of `nodes` that are %s are all targets', (_how, headers, targets) => {
  const plan = planCall(request(VERSION, headers), caller('os:reader'), settings);
  expect(plan).toMatchObject({ kind: 'many', targets });
  expect(sent(plan, 'nodes')).toEqual([]);
});

test('two nodes joined in `node` are as wrong as two fields', () => {
  expect(planCall(request(VERSION, [['node', 'a, b']]), caller('os:reader'), settings)).toMatchObject({
    kind: 'refused',
    error: { code: 3 },
  });
});

test('an empty `node` or `nodes` is this node', () => {
  expect(planCall(request(VERSION, [['node', '']]), caller('os:reader'), settings).kind).toBe('local');
  expect(planCall(request(VERSION, [['nodes', '']]), caller('os:reader'), settings).kind).toBe('local');
});

test('what is not gRPC gets an HTTP answer', () => {
  const get = new Head([new Field(':method', 'GET'), new Field(':path', VERSION)]);
  const json = new Head([
    new Field(':method', 'POST'),
    new Field(':path', VERSION),
    new Field('content-type', 'application/json'),
  ]);
  expect(planCall(get, caller('os:admin'), settings)).toEqual({ kind: 'not-grpc', httpStatus: 405 });
  expect(planCall(json, caller('os:admin'), settings)).toEqual({ kind: 'not-grpc', httpStatus: 415 });
});
