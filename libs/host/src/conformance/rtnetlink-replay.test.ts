import { expect, test as jestTest } from '@jest/globals';
import { whyNoNetNamespace } from '@minos/testkit';
import { linuxSubject } from './linux-subject.ts';
import { networkPicture, performOperation, randomOperations } from './network-operation.ts';
import { simulatedSubject } from './simulated-subject.ts';

const reason = whyNoNetNamespace();
const test = reason === undefined ? jestTest : jestTest.skip;
const SEEDS = (process.env['MINOS_SEEDS'] ?? '1,2,3,4,5,6').split(',').map(Number);
const LENGTH = 150;

test.each(SEEDS)(
  'the simulation does what the kernel does, seed %i',
  async (seed) => {
    await using kernel = await linuxSubject();
    await using simulation = await simulatedSubject();
    const done: string[] = [];
    for (const operation of randomOperations(seed, LENGTH)) {
      const [expected, found] = [
        await performOperation(kernel.rtnetlink, operation),
        await performOperation(simulation.rtnetlink, operation),
      ];
      done.push(`${JSON.stringify(operation)} ${expected}`);
      const at = done.slice(-20);
      expect({ at, outcome: found }).toEqual({ at, outcome: expected });
      expect({ at, picture: await networkPicture(simulation.rtnetlink) }).toEqual({
        at,
        picture: await networkPicture(kernel.rtnetlink),
      });
    }
  },
  60_000,
);

if (reason !== undefined) jestTest.skip(`replay against the kernel: ${reason}`, () => undefined);
