import { expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { ADMIN, CONFIG_FILE, type RunningNode, simulatedNode } from '../../node-config/testing/running-node.ts';

const TOKEN = 'w8px1l.3nsdrgzq7va5nb4w';
const CLUSTER_SECRET = '/hIvzJXRkFw049wwe8xOD747KXyAwvAwTLajOEF9eZ4=';

async function allThatIsTold({ diagnosis }: RunningNode): Promise<string> {
  const told = [
    await diagnosis.Sequences({}, ADMIN),
    await diagnosis.Why({ subject: '' }, ADMIN),
    await diagnosis.Boots({}, ADMIN),
  ];
  return JSON.stringify(told, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

test('no secret of the configuration is in what a node tells or has recorded', async () => {
  await using it = await simulatedNode();
  const node = await it.start();
  const text = await it.world.host.files.readText(CONFIG_FILE);
  expect(text).toContain(TOKEN);
  expect(text).toContain(CLUSTER_SECRET);
  await node.untilReady();
  const directory = '/var/log/boots';
  const recorded = await eventually(
    async () => {
      const [name] = await it.world.host.files.list(directory);
      const bytes = await it.world.host.files.read(`${directory}/${name}`);
      expect(bytes.includes('ready')).toBe(true);
      return bytes;
    },
    { withinMs: 5000 },
  );
  const told = await allThatIsTold(node);
  for (const secret of [TOKEN, CLUSTER_SECRET]) {
    expect(told).not.toContain(secret);
    expect(recorded.includes(secret)).toBe(false);
  }
});

test('a configuration that is wrong just where its secrets are is told without them', async () => {
  const canary = 'canary-that-must-not-sing';
  await using it = await simulatedNode((text) =>
    text.replace(TOKEN, canary).replace(CLUSTER_SECRET, canary).replace('debug: false', `debgu: ${canary}`),
  );
  const node = await it.start();
  const told = await eventually(
    async () => {
      const text = await allThatIsTold(node);
      expect(text).toContain('the configuration on STATE is wrong');
      return text;
    },
    { withinMs: 5000 },
  );
  expect(told).not.toContain(canary);
});
