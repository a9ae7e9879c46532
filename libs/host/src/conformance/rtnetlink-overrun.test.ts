import { join } from 'node:path';
import { expect, test as jestTest } from '@jest/globals';
import { netNamespace, whyNoNetNamespace } from '@minos/testkit';

const reason = whyNoNetNamespace();
const test = reason === undefined ? jestTest : jestTest.skip;

test('more events than the socket can hold are told as lost, and all can be listed again', async () => {
  await using namespace = await netNamespace();
  const agent = join(import.meta.dirname, 'flood-agent.ts');
  const output = await namespace.run(process.execPath, '--disable-warning=ExperimentalWarning', agent);
  expect(JSON.parse(output)).toEqual({ seen: expect.arrayContaining(['address', 'lost']), addresses: 6002 });
}, 30_000);

if (reason !== undefined) jestTest.skip(`overrun of rtnetlink: ${reason}`, () => undefined);
