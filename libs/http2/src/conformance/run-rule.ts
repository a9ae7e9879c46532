import { Duplex } from 'node:stream';
import { systemClock } from '@minos/base';
import { Engine } from '../engine.ts';
import { Field } from '../field.ts';
import { PREFACE } from '../frame-type.ts';
import { Head } from '../head.ts';
import { rawFrame } from '../testing/raw-frame.ts';
import type { Rule } from './rule.ts';
import { outputLines, TranscriptPeer } from './transcript.ts';

/** A socket that takes all at once. */
class Sink extends Duplex {
  readonly written: Buffer[] = [];

  override _read(): void {
    // What arrives is given to the connection directly.
  }

  override _write(chunk: Buffer, _encoding: string, taken: () => void): void {
    this.written.push(Buffer.from(chunk));
    taken();
  }
}

const LAST_PING = rawFrame(6, 0, 0, Buffer.from('last-one'));
const OK = new Head([new Field(':status', '200'), new Field('content-type', 'application/grpc')]);
const REQUEST = new Head([new Field(':method', 'POST'), new Field(':scheme', 'http'), new Field(':path', '/a.B/C')]);
const GREETING = { server: Buffer.concat([PREFACE, rawFrame(4, 0, 0)]), client: rawFrame(4, 0, 0) };

/** All bytes that a rule has arrive. */
export function inputOf(rule: Rule): Buffer {
  return Buffer.concat([...(rule.isRaw === true ? [] : [GREETING[rule.role]]), ...rule.input, LAST_PING]);
}

/**
 * Lets bytes arrive at a connection of the rule's role, in pieces whose sizes `cut` gives (0: all the rest), and tells what
 * followed, a line for each thing. A server answers `/echo` with what it gets, `/early` at once, `/large` with 100,000 bytes
 * and `/fields` with 40,000 bytes of headers.
 */
export async function runRule(rule: Rule, cut: (at: number) => number = () => 0): Promise<string[]> {
  const engine = new Engine({ clock: systemClock, limits: rule.limits ?? {} });
  const socket = new Sink();
  const seen: string[] = [];
  const peers: TranscriptPeer[] = [];
  const conn = engine.open(socket, {
    role: rule.role,
    owner: {
      request: (half, head, isEnd) => {
        const path = head.get(':path');
        const peer = new TranscriptPeer(half, seen, path === '/echo');
        peers.push(peer);
        half.peer = peer;
        peer.request(head, isEnd);
        if (path === '/echo') half.head(OK, isEnd);
        if (path === '/early') half.head(OK, true);
        if (path === '/fields') half.head(new Head([...OK.fields, new Field('x', 'y'.repeat(40_000))]), false);
        if (path !== '/large') return;
        half.head(OK, false);
        half.data(Buffer.alloc(100_000, 'z'), 0, 100_000, true);
      },
      closed: (_conn, why) => seen.push(`in closed ${why}`),
      failed: (_conn, error) => seen.push(`in BUG ${String(error)}`),
    },
  });
  if (rule.role === 'client') {
    for (const isEnd of [false, true]) {
      const half = conn.open();
      const peer = new TranscriptPeer(half, seen, false);
      peers.push(peer);
      half.peer = peer;
      half.head(REQUEST, isEnd);
    }
  }
  const input = inputOf(rule);
  for (let at = 0; at < input.length; ) {
    const length = cut(at) || input.length - at;
    conn.receive(input.subarray(at, at + length));
    at += length;
  }
  if (rule.role === 'client') seen.push(`in canOpen ${conn.canOpen}`);
  for (const peer of peers) peer.close();
  await new Promise((resolve) => setImmediate(resolve));
  const written = Buffer.concat(socket.written);
  const isPrefaced = written.subarray(0, PREFACE.length).equals(PREFACE);
  const output = outputLines(isPrefaced ? written.subarray(PREFACE.length) : written);
  socket.destroy();
  return [...(isPrefaced ? ['out PREFACE'] : []), ...output, ...seen];
}
