import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  FieldDescriptorProto_Label,
  FileDescriptorSetSchema,
  type MethodDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { isAllowed, type MethodKind } from './method-row.ts';
import { allMethodRows, isStreamedInFanOut, mayFanOut, methodRow } from './method-table.ts';
import { parseRoles, ROLES, type Role } from './role.ts';

const files = fromBinary(FileDescriptorSetSchema, readFileSync(new URL('./gen/descriptors.binpb', import.meta.url))).file;
const messages = new Map(
  files.flatMap((f) => f.messageType.map((m): [string, DescriptorProto] => [`.${f.package}.${m.name}`, m])),
);
const rpcs = new Map(
  files.flatMap((f) =>
    f.service.flatMap((s) => s.method.map((m): [string, MethodDescriptorProto] => [`/${f.package}.${s.name}/${m.name}`, m])),
  ),
);
const rows = allMethodRows();
/** Those of the compatible wire; what is ours is in the package minos.v1. */
const behindApid = rows.filter((row) => row.daemon === 'machined' && !row.path.startsWith('/minos.v1.'));

function kindOf(rpc: MethodDescriptorProto): MethodKind {
  if (rpc.clientStreaming) return rpc.serverStreaming ? 'bidi' : 'client-stream';
  return rpc.serverStreaming ? 'server-stream' : 'unary';
}

const pathsFor = (role: Role): number => behindApid.filter((row) => isAllowed(row, new Set([role]), 'maintenance')).length;

/** The element of a unary reply, which must have nothing but `repeated <element> messages = 1`. */
function elementOf(reply: DescriptorProto | undefined): DescriptorProto | undefined {
  const [only, ...others] = reply?.field ?? [];
  if (only?.name !== 'messages' || only.number !== 1 || others.length > 0) return undefined;
  return only.label === FieldDescriptorProto_Label.REPEATED ? messages.get(only.typeName) : undefined;
}

test('every RPC has a row, and every row has an RPC', () => {
  expect(rows.map((row) => row.path).sort()).toEqual([...rpcs.keys()].sort());
});

test('a row says of its RPC how messages go', () => {
  const said = new Map(rows.map((row) => [row.path, row.kind]));
  expect(said).toEqual(new Map([...rpcs].map(([path, rpc]) => [path, kindOf(rpc)])));
});

test('of the compatible methods eighty-one are behind apid, and each role may call as many of them as it should', () => {
  expect(behindApid).toHaveLength(81);
  expect(Object.fromEntries(ROLES.map((role) => [role, pathsFor(role)]))).toEqual({
    'os:admin': 81,
    'os:etcd:backup': 4,
    'os:image:verifier': 1,
    'os:impersonator': 0,
    'os:meta:writer': 2,
    'os:operator': 48,
    'os:reader': 42,
  });
});

test('six methods are open to readers in maintenance only, and to operators never', () => {
  const six = behindApid.filter((row) => row.maintenanceReader);
  expect(six).toHaveLength(6);
  for (const row of six) {
    expect(isAllowed(row, new Set(['os:reader']))).toBe(false);
    expect(isAllowed(row, new Set(['os:reader']), 'maintenance')).toBe(true);
    expect(isAllowed(row, new Set(['os:operator']), 'maintenance')).toBe(false);
  }
});

test('our own methods are for administrators, and for readers in maintenance only what changes nothing', () => {
  const ours = rows.filter((row) => row.path.startsWith('/minos.v1.ConfigService/'));
  expect(ours.map((row) => [row.path.split('/')[2], row.roles, row.maintenanceReader, row.fanOut])).toEqual([
    ['Pending', ['os:admin'], false, false],
    ['Confirm', ['os:admin'], false, false],
    ['Revert', ['os:admin'], false, false],
    ['Plan', ['os:admin'], true, false],
  ]);
});

test('without a role that we know, nothing is allowed', () => {
  for (const row of rows) expect(isAllowed(row, parseRoles(['os:wizard']).known, 'maintenance')).toBe(false);
});

test('what is not behind apid is open to no role', () => {
  for (const row of rows) if (row.daemon !== 'machined') expect(isAllowed(row, new Set(ROLES), 'maintenance')).toBe(false);
});

test('the rows fan out that the rule by service lets fan out', () => {
  for (const row of rows) expect([row.path, row.fanOut]).toEqual([row.path, mayFanOut(row.path)]);
});

test.each([
  ['/machine.MachineService/MethodOfTomorrow', true],
  ['/machine.StorageService/Statfs', false],
  ['/storage.StorageService/Disks', true],
  ['/machine.MachineServiceX/Version', false],
  ['/cosi.resource.State/List', false],
  ['machine.MachineService/Version', false],
  ['/machine.MachineService', false],
  ['', false],
])('whether %p may go to several nodes depends on its service: %p', (path, expected) => {
  expect(mayFanOut(path)).toBe(expected);
});

test('the replies of twelve known methods are streamed in a fan-out', () => {
  const machine = [
    'Copy',
    'DiskUsage',
    'Dmesg',
    'EtcdSnapshot',
    'Events',
    'ImageList',
    'Kubeconfig',
    'List',
    'Logs',
    'PacketCapture',
    'Read',
  ];
  const expected = ['/cluster.ClusterService/HealthCheck', ...machine.map((name) => `/machine.MachineService/${name}`)];
  expect(rows.filter((row) => isStreamedInFanOut(row.path)).map((row) => row.path)).toEqual(expect.arrayContaining(expected));
  expect(rows.filter((row) => isStreamedInFanOut(row.path))).toHaveLength(expected.length);
});

test('of a method that we do not know, the name says whether it streams', () => {
  expect(isStreamedInFanOut('/machine.MachineService/TapeStream')).toBe(true);
  expect(isStreamedInFanOut('/machine.MachineService/Tape')).toBe(false);
});

test('replies under a fan-out have the shape that metadata can be spliced into', () => {
  for (const row of rows.filter((r) => r.fanOut)) {
    const reply = messages.get(rpcs.get(row.path)?.outputType ?? '');
    const element = row.streamedInFanOut ? reply : elementOf(reply);
    const first = element?.field.find((f) => f.number === 1);
    expect([row.path, first?.name, first?.typeName]).toEqual([row.path, 'metadata', '.common.Metadata']);
  }
});

test('a path without a row is not found', () => {
  expect(methodRow('/machine.MachineService/Version')?.path).toBe('/machine.MachineService/Version');
  expect(methodRow('/machine.MachineService/version')).toBeUndefined();
  expect(methodRow('/machine.MachineService/Version/')).toBeUndefined();
});
