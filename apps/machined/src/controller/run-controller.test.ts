import { expect, test } from '@jest/globals';
import { MemberSpec, MetaKeySpec } from '@minos/api/resource-specs';
import { silentLogger } from '@minos/base';
import { diagnosticType, MemoryState, memberType, metaKeyType } from '@minos/resource';
import { eventually, VirtualClock } from '@minos/testkit';
import { Notice } from '../event/notice.ts';
import type { Controller, ControllerHost } from './controller.ts';
import { exclusive, strong } from './controller-facts.ts';
import { runController } from './run-controller.ts';

const WITHIN = { withinMs: 2000 };
const FACTS = { name: 'test.MemberController', inputs: strong(metaKeyType), outputs: exclusive(memberType) };

function start(controller: Controller<ControllerHost>) {
  const clock = new VirtualClock();
  const state = new MemoryState({ clock });
  const stop = new AbortController();
  const running = runController(controller, { state, clock, log: silentLogger }, stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  return { clock, state, [Symbol.asyncDispose]: end };
}

test('outputs follow from inputs, at once and after every change, also when one goes', async () => {
  await using it = start({
    ...FACTS,
    reconcile: async ({ state }, writer) => {
      const keys = await state.list(metaKeyType);
      await writer.replaceAll(
        memberType,
        new Map(keys.map(({ metadata, spec }) => [metadata.id, MemberSpec.fromPartial({ hostname: spec.value })])),
      );
    },
  });
  const names = async (): Promise<string[]> => (await it.state.list(memberType)).map(({ spec }) => spec.hostname);
  const writer = it.state.as('test');
  await writer.put(metaKeyType, 'a', MetaKeySpec.fromPartial({ value: 'one' }));
  await eventually(async () => expect(await names()).toEqual(['one']), WITHIN);
  await writer.put(metaKeyType, 'a', MetaKeySpec.fromPartial({ value: 'two' }));
  await eventually(async () => expect(await names()).toEqual(['two']), WITHIN);
  await writer.remove(metaKeyType, 'a');
  await eventually(async () => expect(await names()).toEqual([]), WITHIN);
});

test('a controller that fails is tried again with growing waits, and shown until it works', async () => {
  let attempts = 0;
  await using it = start({
    ...FACTS,
    reconcile: async () => {
      if (++attempts < 4) throw new Error(`no luck ${attempts}`);
    },
  });
  const diagnostics = async () =>
    (await it.state.list(diagnosticType)).map(({ metadata, spec }) => [metadata.id, ...spec.details]);
  await eventually(() => expect([attempts, it.clock.sleeping]).toEqual([1, 1]), WITHIN);
  expect(await diagnostics()).toEqual([['controller-test-membercontroller', 'no luck 1', 'tried 1 times']]);
  await it.clock.advance(500);
  await eventually(() => expect([attempts, it.clock.sleeping]).toEqual([2, 1]), WITHIN);
  await it.clock.advance(500);
  expect(attempts).toBe(2);
  await it.clock.advance(500);
  await eventually(() => expect([attempts, it.clock.sleeping]).toEqual([3, 1]), WITHIN);
  await it.clock.advance(2000);
  await eventually(async () => expect([attempts, await diagnostics()]).toEqual([4, []]), WITHIN);
});

test('a controller looks again after its time, and when it is told of something outside of the state', async () => {
  const told = new Notice();
  let looks = 0;
  await using it = start({
    ...FACTS,
    everyMs: 1000,
    untilChange: (_machine, signal) => told.wait(signal),
    reconcile: async () => {
      looks++;
    },
  });
  await eventually(() => expect([looks, it.clock.sleeping]).toEqual([1, 1]), WITHIN);
  await it.clock.advance(1000);
  await eventually(() => expect([looks, it.clock.sleeping]).toEqual([2, 1]), WITHIN);
  told.wake();
  await eventually(() => expect([looks, it.clock.sleeping]).toEqual([3, 1]), WITHIN);
});
