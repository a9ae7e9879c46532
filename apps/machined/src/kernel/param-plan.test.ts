import { expect, test } from '@jest/globals';
import { type ParamView, planParams } from './param-plan.ts';

const ID = 'proc.sys.net.ipv4.tcp_keepalive_time';

function plan(of: { wanted?: string; known?: ParamView['remembered'][string]; seen?: string }): ReturnType<typeof planParams> {
  return planParams({
    wanted: new Map(of.wanted === undefined ? [] : [[ID, of.wanted]]),
    remembered: of.known === undefined ? {} : { [ID]: of.known },
    observed: new Map([[ID, of.seen]]),
  });
}

const SET = { initial: '7200', written: '123', shown: '123' };

test('a parameter that differs is set, and what it was at first is known from then on', () => {
  const set = { op: 'set', id: ID, value: '123', hasDrifted: false };
  expect(plan({ wanted: '123', seen: '7200' })).toEqual([{ ...set, initial: '7200' }]);
  expect(plan({ wanted: '123', seen: '9', known: { ...SET, written: '9', shown: '9' } })).toEqual([{ ...set, initial: '7200' }]);
});

test('what is as it is to be needs nothing, also where the kernel writes it in another way', () => {
  expect(plan({ wanted: '123', seen: '123', known: SET })).toEqual([]);
  expect(plan({ wanted: '4096 131072  6291456', seen: '4096\t131072\t6291456', known: { ...SET, written: '1' } })).toEqual([]);
  expect(
    plan({ wanted: '50000,50001', seen: '50000-50001', known: { initial: '', written: '50000,50001', shown: '50000-50001' } }),
  ).toEqual([]);
});

test('what somebody else changed is put back', () => {
  expect(plan({ wanted: '123', seen: '5', known: SET })).toEqual([
    { op: 'set', id: ID, value: '123', initial: '7200', hasDrifted: true },
  ]);
});

test('what was right before anybody set it is only kept in mind', () => {
  expect(plan({ wanted: '7200', seen: '7200' })).toEqual([{ op: 'note', id: ID, initial: '7200' }]);
});

test('what nobody wants any more gets back what it was at first', () => {
  expect(plan({ seen: '123', known: SET })).toEqual([{ op: 'restore', id: ID, value: '7200' }]);
  expect(plan({ seen: '7200', known: SET })).toEqual([{ op: 'forget', id: ID }]);
  expect(plan({ seen: '9', known: { ...SET, written: undefined } })).toEqual([{ op: 'forget', id: ID }]);
  expect(plan({ known: SET })).toEqual([{ op: 'forget', id: ID }]);
});

test('of choices in sysfs the one in brackets comes back', () => {
  const known = { initial: 'mq-deadline [none] kyber', written: 'kyber', shown: 'mq-deadline none [kyber]' };
  expect(plan({ seen: 'mq-deadline none [kyber]', known })).toEqual([{ op: 'restore', id: ID, value: 'none' }]);
});

test('nothing is done about a parameter that is not there', () => {
  expect(plan({ wanted: '1' })).toEqual([]);
});
