import { expect, test } from '@jest/globals';
import { systemClock } from '@minos/base';
import { eventually } from '@minos/testkit';
import { type ConnOwner, Engine } from './engine.ts';
import { ErrorCode } from './error-code.ts';
import { Field } from './field.ts';
import { Head } from './head.ts';
import type { Http2Limits } from './limits.ts';
import type { LimitName } from './process-use.ts';
import { type EngineClient, engineClient } from './testing/engine-client.ts';
import { rawField, rawFrame, rawNumber, rawRequest } from './testing/raw-frame.ts';
import { RecordingPeer } from './testing/recording-peer.ts';

const within = { withinMs: 3000 };
const OK = new Head([new Field(':status', '200')]);
const open = (id: number, path = '/a.B/C'): Buffer => rawFrame(1, 4, id, rawRequest(path));
const DATA = (id: number, bytes: number): Buffer => rawFrame(0, 0, id, Buffer.alloc(bytes));
const holding: ConnOwner = { request: (half) => void new RecordingPeer(half, true) };

/** A way to run into a limit: what an abuser does, and how it ends for it. */
interface Abuse {
  readonly limit: LimitName;
  readonly limits: Partial<Http2Limits>;
  readonly owner?: ConnOwner;
  /** Without preface and SETTINGS. */
  readonly isRaw?: boolean;
  readonly does: (client: EngineClient) => void;
  /** GOAWAY with this code, the reset of a stream with it, or the end of the connection alone. */
  readonly ends: { readonly goaway: number } | { readonly reset: number } | 'closed';
}

const ABUSES: readonly Abuse[] = [
  {
    limit: 'preface',
    limits: { prefaceMs: 50 },
    isRaw: true,
    does: ({ send }) => send(Buffer.from('PRI * HT')),
    ends: { goaway: ErrorCode.settingsTimeout },
  },
  {
    limit: 'settingsAck',
    limits: { settingsAckMs: 50 },
    does: ({ send }) => send(open(1)),
    ends: { goaway: ErrorCode.settingsTimeout },
  },
  { limit: 'idle', limits: { idleMs: 50 }, does: () => undefined, ends: { goaway: ErrorCode.noError } },
  {
    limit: 'keepalive',
    limits: { keepaliveIdleMs: 30, keepaliveTimeoutMs: 30 },
    owner: holding,
    does: ({ send }) => send(open(1)),
    ends: 'closed',
  },
  {
    limit: 'streams',
    limits: { maxStreams: 2 },
    does: ({ send }) => send(open(1), open(3), open(5)),
    ends: { reset: ErrorCode.refusedStream },
  },
  {
    limit: 'streamsTotal',
    limits: { maxStreamsTotal: 2 },
    does: ({ send }) => send(open(1), open(3), open(5)),
    ends: { reset: ErrorCode.refusedStream },
  },
  {
    limit: 'headerList',
    limits: { headerListBytes: 4096 },
    does: ({ send }) => send(rawFrame(1, 5, 1, rawRequest('/a.B/C', rawField('x', 'y'.repeat(9000))))),
    ends: { reset: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'headerBlock',
    limits: {},
    does: ({ send }) =>
      send(rawFrame(1, 0, 1), ...Array.from({ length: 20 }, () => rawFrame(9, 0, 1, Buffer.alloc(16_000, 0x82)))),
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'headerBlocksTotal',
    limits: { headerBlocksTotal: 20_000 },
    does: ({ send }) =>
      send(rawFrame(1, 0, 1), rawFrame(9, 0, 1, Buffer.alloc(16_000, 0x82)), rawFrame(9, 0, 1, Buffer.alloc(16_000, 0x82))),
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'headerBlockTime',
    limits: { headerBlockMs: 50 },
    does: ({ send }) => send(rawFrame(1, 0, 1, rawRequest('/a.B/C'))),
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'flood',
    limits: { floodBurst: 100 },
    does: ({ send }) => send(...Array.from({ length: 300 }, () => rawFrame(6, 0, 0, Buffer.alloc(8)))),
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'resets',
    limits: { resetBurst: 50, resetsPerSecond: 1 },
    does: ({ send }) => {
      for (let id = 1; id < 300; id += 2) send(open(id), rawFrame(3, 0, id, rawNumber(8)));
    },
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'unread',
    limits: { maxPending: 8192, floodBurst: 1_000_000 },
    does: (client) => {
      client.pause();
      for (let n = 0; n < 10_000; n++) client.send(rawFrame(6, 0, 0, Buffer.alloc(8)));
    },
    ends: 'closed',
  },
  {
    limit: 'heldByConnection',
    limits: { serverBacklog: 30_000 },
    owner: holding,
    does: ({ send }) => send(open(1), DATA(1, 16_000), DATA(1, 16_000), open(3)),
    ends: { reset: ErrorCode.enhanceYourCalm },
  },
  {
    limit: 'heldTotal',
    limits: { heldTotal: 30_000, keepaliveIdleMs: 100, keepaliveTimeoutMs: 60_000 },
    owner: holding,
    does: ({ send }) => send(open(1), DATA(1, 16_000), DATA(1, 16_000)),
    ends: { goaway: ErrorCode.enhanceYourCalm },
  },
];

test.each(ABUSES.map((abuse) => [abuse.limit, abuse] as const))(
  'the limit %s ends what reaches it, is counted, and costs nobody else',
  async (_name, abuse) => {
    const engine = new Engine({ clock: systemClock, limits: abuse.limits });
    const stop = new AbortController();
    const running = engine.run(stop.signal);
    const answering: ConnOwner = {
      request: (half, _head, isEnd) => {
        new RecordingPeer(half);
        if (isEnd) half.head(OK, true);
      },
    };
    const abuser = engineClient(engine, {
      owner: abuse.owner ?? holding,
      isRaw: abuse.isRaw ?? false,
      isAcknowledging: abuse.limit !== 'settingsAck',
    });
    abuse.does(abuser);
    await eventually(() => {
      expect(engine.limitsReached.get(abuse.limit) ?? 0).toBeGreaterThan(0);
      if (abuse.ends === 'closed') expect(abuser.server.isClosed).toBe(true);
      else if ('goaway' in abuse.ends) expect(abuser.goaway()).toBe(abuse.ends.goaway);
      else expect(abuser.resets().map(([, code]) => code)).toContain(abuse.ends.reset);
    }, within);
    if (abuse.limit === 'streamsTotal') abuser.server.destroy('done');
    const other = engineClient(engine, { owner: answering, isRaw: false, isAcknowledging: true });
    other.send(rawFrame(1, 5, 1, rawRequest('/a.B/C')));
    await eventually(() => expect(other.frames().some((f) => f.type === 1 && f.id === 1)).toBe(true), within);
    abuser.server.destroy('done');
    other.server.destroy('done');
    expect([engine.streams, engine.heldBytes]).toEqual([0, 0]);
    stop.abort();
    await running;
  },
);

test('a client whose numbers of streams run out is left in time, and its calls end', async () => {
  const engine = new Engine({ clock: systemClock });
  const client = engineClient(engine, { owner: holding, isRaw: false, isAcknowledging: true });
  client.send(open(0x7fff_fff1));
  await eventually(() => expect(client.goaway()).toBe(ErrorCode.noError), within);
  expect(engine.limitsReached.get('streamIds')).toBe(1);
  expect(client.server.streams).toBe(1);
  client.server.destroy('done');
});
