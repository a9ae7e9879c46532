import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { appendInfo, buildError, namedParts } from './fan-out.ts';
import { Data } from './gen/common/common.ts';
import { HostnameResponse } from './gen/entry/machine.ts';

type Random = (bound: number) => number;

/** A small generator (mulberry32), so that what fails can be run again. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Bytes that are a message more often than chance would have it. */
function someBytes(random: Random): Buffer {
  const bytes = Buffer.from(Array.from({ length: random(24) }, () => random(256)));
  if (random(3) === 0) return bytes;
  const messages = Array.from({ length: random(4) }, () => ({ hostname: 'h'.repeat(random(200)), metadata: undefined }));
  const whole = Buffer.from(HostnameResponse.encode(HostnameResponse.fromPartial({ messages })).finish());
  const at = random(whole.length + 1);
  return random(2) === 0 ? whole : Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]);
}

/** What a message becomes; undefined when it is refused with a Fault. */
function partsOf(body: Buffer): Buffer[] | undefined {
  try {
    return namedParts(body, 'n');
  } catch (e) {
    if (!isFault(e)) throw e;
    return undefined;
  }
}

/** What a reply becomes; undefined when it is refused with a Fault. */
function replyOf(body: Buffer): Buffer | undefined {
  try {
    return appendInfo(body, '10.5.0.2', 'unary');
  } catch (e) {
    if (!isFault(e)) throw e;
    return undefined;
  }
}

/** The elements of a reply, as a client reads it; undefined when it cannot. */
function decoded(reply: Buffer): readonly unknown[] | undefined {
  try {
    return HostnameResponse.decode(reply).messages;
  } catch {
    return undefined;
  }
}

test('any reply stays one that can be read, or is refused with a Fault', () => {
  let named = 0;
  for (let seed = 1; seed <= 8000; seed++) {
    const body = someBytes(seeded(seed));
    const before = Buffer.from(body);
    const reply = replyOf(body);
    expect(body.equals(before)).toBe(true);
    if (reply === undefined) continue;
    named++;
    const messages = decoded(reply);
    // What the client's decoder refuses it refuses without a name, too.
    if (messages === undefined) expect([seed, decoded(body)]).toEqual([seed, undefined]);
    else expect([seed, messages.length > 0]).toEqual([seed, true]);
  }
  expect(named).toBeGreaterThan(2000);
});

test('any message of a stream gets the name of its node or is refused with a Fault, and its parts are the same as the whole', () => {
  let named = 0;
  for (let seed = 1; seed <= 8000; seed++) {
    const random = seeded(seed);
    const data = Buffer.from(Data.encode(Data.fromPartial({ bytes: Buffer.alloc(random(300), 'x') })).finish());
    const body = random(2) === 0 ? data : someBytes(random);
    const parts = partsOf(body);
    if (parts === undefined) continue;
    expect([seed, Buffer.concat(parts).equals(appendInfo(body, 'n', 'stream'))]).toEqual([seed, true]);
    // Metadata of the node that is itself broken takes ours with it: that harms nobody but the node.
    if (body === data) expect([seed, Data.decode(Buffer.concat(parts)).metadata?.hostname]).toEqual([seed, 'n']);
    named++;
  }
  expect(named).toBeGreaterThan(2000);
});

test('replies of any nodes and errors of others make one message when they are put together', () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = seeded(seed);
    const good = Array.from({ length: random(5) }, (_, n) =>
      appendInfo(
        Buffer.from(HostnameResponse.encode({ messages: [{ hostname: `h${n}`, metadata: undefined }] }).finish()),
        `n${n}`,
        'unary',
      ),
    );
    const bad = Array.from({ length: random(5) }, (_, n) =>
      buildError(`e${n}`, { code: random(17), message: 'm'.repeat(random(300)) }, 'unary'),
    );
    const { messages } = HostnameResponse.decode(Buffer.concat([...good, ...bad]));
    expect(messages.map((m) => m.metadata?.hostname)).toEqual([...good.map((_, n) => `n${n}`), ...bad.map((_, n) => `e${n}`)]);
    expect(messages.filter((m) => m.metadata?.error !== '').length).toBe(bad.length);
  }
});
