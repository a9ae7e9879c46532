import { expect, test } from '@jest/globals';
import { LinkStatusSpec } from '@minos/api/resource-specs';
import type { SimulatedHost } from '@minos/host/simulated';
import { linkStatusType, type State } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { ADMIN, CONFIG_FILE, type RunningNode, simulatedNode } from '../node-config/testing/running-node.ts';

interface Injected {
  readonly node: RunningNode;
  readonly host: SimulatedHost;
}

interface Fault {
  readonly name: string;
  /** The machine as it is before machined starts. */
  readonly fixture?: (text: string) => string;
  readonly before?: (host: SimulatedHost) => Promise<void>;
  /** What networkd reports instead of what it should. */
  readonly play?: (state: State, signal: AbortSignal) => Promise<void>;
  readonly during?: (injected: Injected) => Promise<unknown>;
  readonly subject?: string;
  readonly root: RegExp;
}

const WITHIN = { withinMs: 12_000 };
const program =
  (id: string, ...lines: readonly string[]) =>
  (text: string): string =>
    text.replace(`    ${id}:\n`, `    ${id}:\n${lines.map((line) => `        ${line}\n`).join('')}`);
const config =
  (from: string | RegExp, to: string) =>
  (text: string): string => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`the fixture has no ${from}`);
    return changed;
  };
const killed = { kind: 'signalled', signal: 'SIGSEGV', coreDumped: true } as const;
const directory =
  (path: string) =>
  async ({ files }: SimulatedHost): Promise<void> => {
    await files.remove(path, { recursive: true }).catch(() => undefined);
    await files.makeDirectory(path);
  };
const silent = async (_state: State, signal: AbortSignal): Promise<void> => {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};
const links =
  (...all: readonly (readonly [string, boolean])[]) =>
  async (state: State, signal: AbortSignal): Promise<void> => {
    const writer = state.as('network.Simulated');
    for (const [name, linkState] of all) await writer.put(linkStatusType, name, LinkStatusSpec.fromPartial({ linkState }));
    await silent(state, signal);
  };
const NO_ADDRESS = config(/ {12}addresses:\n {16}- address: 10.5.0.3\/24\n/, '');

const FAULTS: readonly Fault[] = [
  {
    name: 'networkd ends with 1',
    fixture: program('networkd', 'exitAfterMs: 20', 'readyAfterMs: 5000'),
    play: silent,
    root: /^service networkd keeps failing \(\d+x\): its process exited with code 1/,
  },
  {
    name: 'apid ends with 1',
    fixture: program('apid', 'exitAfterMs: 20', 'readyAfterMs: 5000'),
    root: /^service apid keeps failing \(\d+x\): its process exited with code 1/,
  },
  {
    name: 'networkd ends with a signal',
    fixture: program('networkd', 'exitAfterMs: 20', 'readyAfterMs: 5000', 'exit: { signal: SIGSEGV, coreDumped: true }'),
    play: silent,
    root: /^service networkd keeps failing.*SIGSEGV \(core dumped\)/,
  },
  {
    name: 'apid is killed',
    fixture: program('apid', 'exitAfterMs: 20', 'readyAfterMs: 5000', 'exit: { signal: SIGKILL }'),
    root: /^service apid keeps failing.*SIGKILL/,
  },
  {
    name: 'apid refuses its configuration',
    fixture: program('apid', 'exitAfterMs: 20', 'exit: { code: 100 }'),
    root: /^service apid has given up: its process exited with code 100/,
  },
  {
    name: 'networkd refuses its configuration',
    fixture: program('networkd', 'exitAfterMs: 20', 'exit: { code: 100 }'),
    play: silent,
    root: /^service networkd has given up: its process exited with code 100/,
  },
  {
    name: 'apid is never ready',
    fixture: program('apid', 'neverReady: true'),
    root: /^service apid is started, and does not say that it is ready/,
  },
  {
    name: 'networkd is never ready',
    fixture: program('networkd', 'neverReady: true'),
    play: silent,
    root: /^service networkd is started, and does not say that it is ready/,
  },
  {
    name: 'apid cannot be started',
    fixture: program('apid', 'refusal: no such program'),
    root: /^service apid keeps failing.*no such program/,
  },
  {
    name: 'networkd cannot be started',
    fixture: program('networkd', 'refusal: no such program'),
    play: silent,
    root: /^service networkd keeps failing.*no such program/,
  },
  {
    name: 'apid crashes later',
    during: async ({ node, host }) => {
      await node.untilReady();
      host.act({ do: 'exit', id: 'apid', exit: killed });
    },
    root: /^service apid keeps failing \(1x\): its process was ended by SIGSEGV/,
  },
  {
    name: 'a client stopped networkd',
    during: async ({ node }) => {
      await node.untilReady();
      await node.machine.ServiceStop({ id: 'networkd' }, ADMIN);
    },
    root: /^service networkd was stopped by a client/,
  },
  {
    name: 'the directory of apid cannot be made',
    before: async ({ files }) => {
      await files.makeDirectory('/system/run');
      await files.write('/system/run/apid', 'a file');
    },
    root: /^(the task loadConfig fails|service apid keeps failing).*\/system\/run\/apid/,
  },
  {
    name: 'the directory of networkd cannot be made',
    before: async ({ files }) => {
      await files.makeDirectory('/system/run');
      await files.write('/system/run/networkd', 'a file');
    },
    play: silent,
    root: /^(the task loadConfig fails|service networkd keeps failing).*\/system\/run\/networkd/,
  },
  { name: 'there is no configuration', before: ({ files }) => files.remove(CONFIG_FILE), root: /^the node has no configuration/ },
  {
    name: 'the configuration is no YAML',
    before: ({ files }) => files.write(CONFIG_FILE, 'machine: [\n'),
    root: /^the configuration on STATE is wrong: /,
  },
  {
    name: 'the configuration has an unknown key',
    fixture: config('debug: false', 'debgu: false'),
    root: /^the configuration on STATE is wrong: .*debgu/,
  },
  {
    name: 'the configuration has a wrong type of machine',
    fixture: config('type: worker', 'type: walker'),
    root: /^the configuration on STATE is wrong: .*type/,
  },
  { name: 'the configuration cannot be read', before: directory(CONFIG_FILE), root: /^the task loadConfig fails: / },
  { name: 'the configuration gives no address', fixture: NO_ADDRESS, root: /^the configuration gives the node no address/ },
  {
    name: 'the link of the address is not there',
    play: links(['eth1', true]),
    root: /^there is no link eth0, and the configuration wants an address on it/,
  },
  { name: 'the cable is pulled', play: links(['eth0', false]), root: /^the link eth0 has no carrier/ },
  { name: 'networkd reports nothing', play: silent, root: /^networkd has not reported an address/ },
  { name: 'boots cannot be counted', before: directory('/system/state/boot-count'), root: /^the task countBoot fails: / },
  {
    name: 'the identity cannot be read',
    before: directory('/system/state/node-identity.yaml'),
    root: /^the task loadIdentity fails: /,
  },
  {
    name: 'STATE is no directory',
    before: async ({ files }) => {
      await files.remove('/system/state', { recursive: true });
      await files.write('/system/state', '');
    },
    root: /^the task setupDirectories fails: /,
  },
  {
    name: 'files under /etc cannot be written',
    before: directory('/system/etc/hosts'),
    root: /^the files under \/etc cannot be written/,
  },
  {
    name: 'networkd does not stop',
    fixture: program('networkd', 'ignoresStop: true'),
    during: async ({ node }) => {
      await node.untilReady();
      await node.machine.Shutdown({ force: false }, ADMIN);
    },
    root: /^service networkd does not stop, since/,
  },
  { name: 'trustd is not there', during: ({ node }) => node.untilReady(), root: /^this node cannot join: / },
];

test.each(FAULTS)(
  'the first line of why names the root when $name',
  async (fault) => {
    await using it = await simulatedNode(fault.fixture);
    const { host } = it.world;
    await fault.before?.(host);
    const node = await it.start(fault.play);
    await fault.during?.({ node, host });
    await eventually(async () => {
      const { nodes, chain } = await node.diagnosis.Why({ subject: fault.subject ?? '' }, ADMIN);
      const root = nodes.find(({ id }) => id === chain.at(-1));
      expect(root?.summary).toMatch(fault.root);
      expect(root?.nextCommand).not.toBe('');
    }, WITHIN);
  },
  20_000,
);
