import { expect, test } from '@jest/globals';
import { type RouteRequest, type RouteSettings, route } from './route.ts';

const VERSION = '/machine.MachineService/Version';
const forwarding: RouteSettings = {
  isRoutingDisabled: false,
  canForward: true,
  isLocal: (name) => name === '10.5.0.2' || name === 'me',
};
const alone: RouteSettings = { ...forwarding, canForward: false };
const to = (more: Partial<RouteRequest>, settings: RouteSettings = forwarding) =>
  route({ method: VERSION, isForwarded: false, node: [], nodes: [], ...more }, settings);
const refusal = (code: number, message: unknown) => ({ kind: 'refused', error: expect.objectContaining({ code, message }) });

test('in maintenance everything is answered here, whatever the headers say', () => {
  const maintenance = { ...forwarding, isRoutingDisabled: true };
  expect(to({ node: ['10.5.0.3'] }, maintenance)).toEqual({ kind: 'local' });
  expect(to({ nodes: ['10.5.0.3', '10.5.0.4'] }, maintenance)).toEqual({ kind: 'local' });
  expect(to({ node: ['a', 'b'] }, maintenance)).toEqual({ kind: 'local' });
});

test('what another apid forwarded is answered here, also with headers that would be wrong', () => {
  expect(to({ isForwarded: true, node: ['10.5.0.3'] })).toEqual({ kind: 'local' });
  expect(to({ isForwarded: true, node: ['a', 'b'], nodes: ['c'] })).toEqual({ kind: 'local' });
});

test('two values of `node` are refused, also on a node that cannot forward', () => {
  const refused = refusal(3, 'node metadata must be single-valued');
  expect(to({ node: ['10.5.0.3', '10.5.0.4'] })).toEqual(refused);
  expect(to({ node: ['10.5.0.2', '10.5.0.2'] }, alone)).toEqual(refused);
});

test('`node` goes to one, also when that is this node itself', () => {
  expect(to({ node: ['10.5.0.3'] })).toEqual({ kind: 'one', target: '10.5.0.3' });
  expect(to({ node: ['10.5.0.2'] })).toEqual({ kind: 'one', target: '10.5.0.2' });
});

test('`nodes` goes to many, with one value too, and wins over `node`', () => {
  expect(to({ nodes: ['10.5.0.3'] })).toEqual({ kind: 'many', targets: ['10.5.0.3'] });
  expect(to({ nodes: ['b', 'a', 'b'], node: ['c'] })).toEqual({ kind: 'many', targets: ['b', 'a', 'b'] });
});

test('neither header, or an empty one, is this node', () => {
  expect(to({})).toEqual({ kind: 'local' });
  expect(to({}, alone)).toEqual({ kind: 'local' });
});

test('only the methods of five services go to many', () => {
  for (const method of [
    VERSION,
    '/cluster.ClusterService/HealthCheck',
    '/storage.StorageService/Disks',
    '/time.TimeService/Time',
  ]) {
    expect(to({ method, nodes: ['a'] }).kind).toBe('many');
  }
  for (const method of ['/cosi.resource.State/Get', '/machine.StorageService/Statfs', '/machine.ImageService/List']) {
    expect(to({ method, nodes: ['a'] })).toEqual(refusal(3, `one-2-many proxying is not supported for method ${method}`));
    expect(to({ method, node: ['a'] }).kind).toBe('one');
  }
});

test('a node that cannot forward answers for itself by each of its names, and refuses the others', () => {
  const refused = refusal(7, 'no request forwarding');
  expect(to({ node: ['10.5.0.2'] }, alone)).toEqual({ kind: 'local' });
  expect(to({ nodes: ['me'] }, alone)).toEqual({ kind: 'local' });
  expect(to({ node: ['10.5.0.3'] }, alone)).toEqual(refused);
  expect(to({ nodes: ['me', 'me'] }, alone)).toEqual(refused);
  expect(to({ nodes: ['10.5.0.3'], node: ['me'] }, alone)).toEqual(refused);
});

test('a target with a port is refused, among many too', () => {
  const refused = refusal(13, expect.stringContaining('invalid target "10.5.0.3:50000"'));
  expect(to({ node: ['10.5.0.3:50000'] })).toEqual(refused);
  expect(to({ nodes: ['10.5.0.4', '10.5.0.3:50000'] })).toEqual(refused);
});
