import { expect, test } from '@jest/globals';
import { ApplyConfigurationRequest, ApplyConfigurationRequest_Mode as Mode } from '@minos/api/machine';
import type { PlanChange } from '@minos/api/minos';
import { toYamlText } from '@minos/config';
import {
  addressSpecType,
  certSanType,
  hostnameSpecType,
  kernelModuleSpecType,
  kernelParamSpecType,
  linkSpecType,
  type ResourceType,
  resolverSpecType,
  routeSpecType,
} from '@minos/resource';
import { eventually } from '@minos/testkit';
import { ADMIN, CONFIG_FILE, type RunningNode, simulatedNode } from '../node-config/testing/running-node.ts';
import { namesText } from './plan-config.ts';

const RUNS = 25;
const WITHIN = { withinMs: 5000 };
const NOUNS: Readonly<Record<string, ResourceType<unknown>>> = {
  link: linkSpecType,
  address: addressSpecType,
  route: routeSpecType,
  hostname: hostnameSpecType,
  resolvers: resolverSpecType,
  'kernel-module': kernelModuleSpecType,
  'kernel-parameter': kernelParamSpecType,
};

/** Numbers that are the same in every run (xorshift32). */
function seeded(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** The base configuration with another name, other links, addresses, routes, name servers, names of the API, and parts of the kernel. */
function variant(base: string, next: (below: number) => number): string {
  const head = base
    .slice(0, base.indexOf('---\napiVersion: v1alpha1\nkind: LinkConfig'))
    .replace('hostname: minos-worker-1', `hostname: minos-worker-${1 + next(3)}`)
    .replace('certSANs: []', next(2) === 0 ? 'certSANs: []' : `certSANs: [10.7.7.${1 + next(2)}, a${next(2)}.example]`);
  const links = Array.from({ length: next(3) }, (_, i) => {
    const route = next(2) === 0 ? '' : `routes:\n    - destination: 10.${20 + next(3)}.0.0/16\n      metric: ${1 + next(3)}\n`;
    return `---\napiVersion: v1alpha1\nkind: DummyLinkConfig\nname: dummy${i}\naddresses:\n    - address: 10.9.${i}.${1 + next(4)}/24\n${route}`;
  });
  const mtu = next(2) === 0 ? '' : `mtu: ${1400 + next(3)}\n`;
  const eth0 = `---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\n${mtu}addresses:\n    - address: 10.5.0.${3 + next(3)}/24\n`;
  const resolvers =
    next(2) === 0 ? '' : `---\napiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n    - address: 10.5.0.${50 + next(3)}\n`;
  const sysctls =
    next(2) === 0
      ? ''
      : `---\napiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n    net.ipv4.tcp_keepalive_time: "${100 + next(3)}"\n`;
  const module =
    next(2) === 0
      ? ''
      : `---\napiVersion: v1alpha1\nkind: KernelModuleConfig\nname: loop\nparameters: [max_loop=${1 + next(2)}]\n`;
  return [head, eth0, ...links, resolvers, sysctls, module].join('');
}

type Seen = ReadonlyMap<string, string>;

/** Every resource of the network, and the names of the certificate, as text. */
async function observe(node: RunningNode): Promise<Seen> {
  const seen = new Map<string, string>();
  for (const [noun, type] of Object.entries(NOUNS)) {
    for (const [id, spec] of await node.list(type)) seen.set(`${noun} ${id}`, toYamlText(type.toYaml(spec)));
  }
  for (const [id, spec] of await node.list(certSanType)) seen.set(`certificate ${id}`, namesText(spec));
  return seen;
}

/** What became different, in the form of a plan. */
function changed(before: Seen, after: Seen): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => `${key}: ${before.get(key) ?? ''} -> ${after.get(key) ?? ''}`)
    .sort();
}

const planned = (changes: readonly PlanChange[]): readonly string[] =>
  changes
    .filter(({ noun }) => noun !== 'document')
    .map(({ noun, id, before, after }) => `${noun} ${id}: ${before} -> ${after}`)
    .sort();

test(`what a plan says is what an apply does, for ${RUNS} configurations one after the other`, async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  const base = await it.world.host.files.readText(CONFIG_FILE);
  const next = seeded(20_260_101);
  let total = 0;
  for (let run = 0; run < RUNS; run++) {
    const data = Buffer.from(variant(base, next));
    const before = await observe(node);
    const plan = await node.config.Plan({ data }, ADMIN);
    expect(plan.problems).toEqual([]);
    expect(await observe(node)).toEqual(before);
    await node.machine.ApplyConfiguration(ApplyConfigurationRequest.fromPartial({ data, mode: Mode.AUTO }), ADMIN);
    const expected = planned(plan.changes);
    await eventually(async () => expect(changed(before, await observe(node))).toEqual(expected), WITHIN);
    total += expected.length;
  }
  expect(total).toBeGreaterThan(RUNS);
}, 60_000);

test('a plan shows documents without their secrets, what the node can be lost by, and every problem', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  const base = await it.world.host.files.readText(CONFIG_FILE);
  const token = /token: (\S+)/.exec(base)?.[1] ?? 'none';
  const plan = await node.config.Plan({ data: Buffer.from(base.replace(token, `abcdef.${token.slice(7)}`)) }, ADMIN);
  expect([plan.reach, plan.needsReboot, plan.changes.map(({ noun, id }) => `${noun} ${id}`)]).toEqual([
    ['trust'],
    false,
    ['document v1alpha1'],
  ]);
  expect(JSON.stringify(plan.changes) + plan.diff).not.toContain(token.slice(7));
  const wrong = await node.config.Plan({ data: Buffer.from(base.replace('10.5.0.3/24', '10.5.0.300/24')) }, ADMIN);
  expect(wrong.problems.join()).toContain('LinkConfig(eth0).addresses[0].address');
  expect(wrong.changes).toEqual([]);
  const other = await node.config.Plan({ data: Buffer.from(base) }, ADMIN);
  expect(other.changes).toEqual([]);
});
