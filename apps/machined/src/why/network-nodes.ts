import {
  addressSpecType,
  hostnameSpecType,
  hostnameStatusType,
  linkStatusType,
  networkStatusType,
  type ResourceType,
} from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import { metNode, unmetNode, type WaitNode } from './wait-node.ts';

const LOOPBACK = 'lo';

/** The network as a whole, its parts, and the links that the configuration wants addresses on. */
export async function networkNodes(machine: Machine): Promise<readonly WaitNode[]> {
  const status = machine.state.peek(networkStatusType, 'status')?.spec;
  const links = await linkNodes(machine);
  const parts = [
    await addressNode(machine, { isReady: status?.addressReady === true, links }),
    hostnameNode(machine, status?.hostnameReady === true),
    etcFilesNode(machine),
  ];
  const unmet = parts.filter(({ isMet }) => !isMet);
  const missing = unmet.map(({ id }) => id.slice('network/'.length)).join(', ');
  const waitsFor = unmet.map(({ id }) => id);
  const network =
    unmet.length === 0
      ? metNode('network', 'the network has an address and a host name')
      : unmetNode('network', `the network is without: ${missing}`, { nextCommand: 'get addresses', waitsFor });
  return [network, ...parts, ...links];
}

interface Addresses {
  readonly isReady: boolean;
  readonly links: readonly WaitNode[];
}

async function addressNode({ state, config }: Machine, { isReady, links }: Addresses): Promise<WaitNode> {
  const id = 'network/address';
  if (isReady) return metNode(id, 'the node has an address');
  if (config.current === undefined) return unmetNode(id, 'the node has no address', { waitsFor: ['configuration'] });
  const wanted = await wantedAddresses(state);
  if (wanted.length === 0) {
    const evidence = ['there is no AddressSpec but that of the loopback'];
    return unmetNode(id, 'the configuration gives the node no address', { evidence, nextCommand: 'get addressspecs' });
  }
  const waitsFor = ['service/networkd', ...links.filter((link) => !link.isMet).map((link) => link.id)];
  const evidence = [`wanted: ${wanted.map((spec) => spec.id).join(', ')}`];
  return unmetNode(id, 'networkd has not reported an address', { evidence, nextCommand: 'logs networkd', waitsFor });
}

function hostnameNode({ state, config }: Machine, isReady: boolean): WaitNode {
  const id = 'network/hostname';
  if (isReady) return metNode(id, 'the node has a host name');
  if (config.current === undefined) return unmetNode(id, 'the node has no host name', { waitsFor: ['configuration'] });
  const wanted = state.peek(hostnameSpecType, 'hostname')?.spec.hostname ?? '';
  if (wanted === '') {
    return unmetNode(id, 'the configuration gives the node no host name', { nextCommand: 'get hostnamespecs' });
  }
  const more = { evidence: [`wanted: ${wanted}`], nextCommand: 'logs networkd', waitsFor: ['service/networkd'] };
  return unmetNode(id, 'networkd has not reported a host name', more);
}

function etcFilesNode({ state, status }: Machine): WaitNode {
  const id = 'network/etc-files';
  if (status.areEtcFilesWritten) return metNode(id, 'the files under /etc are written');
  if (state.peek(hostnameStatusType, 'hostname') === undefined) {
    // Not a chain of its own: what the host name waits for would lie deeper than what the address waits for.
    return unmetNode(id, 'the files under /etc wait for the host name', { nextCommand: 'why hostname' });
  }
  const evidence = ['machined logs why each attempt failed'];
  return unmetNode(id, 'the files under /etc cannot be written', { evidence, nextCommand: 'logs machined' });
}

/** Links that addresses are wanted on, as networkd reports them; nothing before it reports any. */
async function linkNodes({ state }: Machine): Promise<readonly WaitNode[]> {
  const reported = new Map((await state.list(linkStatusType)).map(({ metadata, spec }) => [metadata.id, spec]));
  if (reported.size === 0) return [];
  const names = new Set((await wantedAddresses(state)).map(({ linkName }) => linkName));
  return [...names].map((name) => {
    const id = `link/${name}`;
    const link = reported.get(name);
    const more = { evidence: [`links: ${[...reported.keys()].join(', ')}`], nextCommand: 'get links' };
    if (link === undefined) return unmetNode(id, `there is no link ${name}, and the configuration wants an address on it`, more);
    return link.linkState ? metNode(id, `the link ${name} is up`) : unmetNode(id, `the link ${name} has no carrier`, more);
  });
}

async function wantedAddresses(state: Machine['state']): Promise<readonly { readonly id: string; readonly linkName: string }[]> {
  const specs = await listOf(state, addressSpecType);
  return specs.filter(({ spec }) => spec.linkName !== LOOPBACK).map(({ id, spec }) => ({ id, linkName: spec.linkName }));
}

async function listOf<S>(state: Machine['state'], type: ResourceType<S>): Promise<readonly { id: string; spec: S }[]> {
  return (await state.list(type)).map(({ metadata, spec }) => ({ id: metadata.id, spec }));
}
