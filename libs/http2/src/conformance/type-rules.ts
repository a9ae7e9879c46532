import { rawFrame, rawNumber, rawRequest } from '../testing/raw-frame.ts';
import { ALIVE, client, goaway, type Rule, server } from './rule.ts';

const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
const OPEN = rawFrame(1, 4, 1, rawRequest('/hold'));
const padded = (length: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([length]), ...parts, Buffer.alloc(length)]);
const PRIORITY = Buffer.from([0x80, 0, 0, 7, 200]);

/** RFC 9113 §6.1 to §6.4, §6.10, §7: the frames of streams, error codes. */
export const TYPE_RULES: readonly Rule[] = [
  server('6.1', 'DATA on stream 0 is PROTOCOL_ERROR', [rawFrame(0, 0, 0, text('x'))], [goaway(1)]),
  client('6.1', 'DATA on stream 0 is PROTOCOL_ERROR', [rawFrame(0, 0, 0, text('x'))], [goaway(1)]),
  server('6.1', 'padding is taken out', [OPEN, rawFrame(0, 9, 1, padded(3, text('body')))], ['in 1 body body', 'in 1 end']),
  server('6.1', 'padding of length 0 is fine', [OPEN, rawFrame(0, 8, 1, padded(0, text('b')))], [ALIVE, 'in 1 body b']),
  server('6.1', 'DATA may be all padding', [OPEN, rawFrame(0, 9, 1, padded(9))], [ALIVE, 'in 1 end']),
  server('6.1', 'padding as long as its frame is PROTOCOL_ERROR', [OPEN, rawFrame(0, 8, 1, Buffer.from([3, 1, 2]))], [goaway(1)]),
  server('6.1', 'padding without a length is an error of the connection', [OPEN, rawFrame(0, 8, 1)], [goaway(1)]),
  client(
    '6.1',
    'padding is taken out',
    [rawFrame(1, 4, 1, Buffer.from([0x88])), rawFrame(0, 8, 1, padded(5, text('ab')))],
    ['in 1 body ab'],
  ),
  client(
    '6.1',
    'padding as long as its frame is PROTOCOL_ERROR',
    [rawFrame(1, 4, 1, Buffer.from([0x88])), rawFrame(0, 8, 1, Buffer.from([1]))],
    [goaway(1)],
  ),
  server('6.2', 'HEADERS on stream 0 are PROTOCOL_ERROR', [rawFrame(1, 5, 0, rawRequest('/hold'))], [goaway(1)]),
  server('6.2', 'padding is taken out', [rawFrame(1, 13, 1, padded(4, rawRequest('/hold')))], [ALIVE, /^in 1 request .* end$/]),
  server(
    '6.2',
    'padding as long as the frame is PROTOCOL_ERROR',
    [rawFrame(1, 13, 1, Buffer.from([4, 0x82, 0, 0]))],
    [goaway(1)],
  ),
  server(
    '6.2',
    'priority is taken out',
    [rawFrame(1, 0x25, 1, Buffer.concat([PRIORITY, rawRequest('/hold')]))],
    [ALIVE, /^in 1 request .* end$/],
  ),
  server(
    '6.2',
    'padding and priority are taken out',
    [rawFrame(1, 0x2d, 1, padded(2, PRIORITY, rawRequest('/hold')))],
    [ALIVE, /^in 1 request .* end$/],
  ),
  server('6.2', 'priority that does not fit is FRAME_SIZE_ERROR', [rawFrame(1, 0x25, 1, Buffer.from([0, 0, 0]))], [goaway(6)]),
  client(
    '6.2',
    'priority is taken out',
    [rawFrame(1, 0x25, 3, Buffer.concat([PRIORITY, Buffer.from([0x88])]))],
    [ALIVE, 'in 3 head :status=200 end'],
  ),
  server(
    '6.2',
    'END_STREAM with HEADERS that go on ends the stream after them',
    [rawFrame(1, 1, 1, rawRequest('/hold')), rawFrame(9, 4, 1)],
    [ALIVE, /^in 1 request .* end$/],
  ),
  server('6.3', 'PRIORITY on stream 0 is PROTOCOL_ERROR', [rawFrame(2, 0, 0, Buffer.alloc(5, 1))], [goaway(1)]),
  server('6.3', 'PRIORITY of another length than 5 is FRAME_SIZE_ERROR', [rawFrame(2, 0, 1, Buffer.alloc(4, 1))], [/code=6$/]),
  client('6.3', 'PRIORITY of another length than 5 is FRAME_SIZE_ERROR', [rawFrame(2, 0, 1, Buffer.alloc(6, 1))], [/code=6$/]),
  server('6.4', 'RST_STREAM on stream 0 is PROTOCOL_ERROR', [rawFrame(3, 0, 0, rawNumber(8))], [goaway(1)]),
  server(
    '6.4',
    'RST_STREAM of another length than 4 is FRAME_SIZE_ERROR',
    [OPEN, rawFrame(3, 0, 1, Buffer.alloc(3))],
    [goaway(6)],
  ),
  client('6.4', 'RST_STREAM of another length than 4 is FRAME_SIZE_ERROR', [rawFrame(3, 0, 1, Buffer.alloc(5))], [goaway(6)]),
  server(
    '6.4',
    'after RST_STREAM nothing is sent on the stream',
    [
      rawFrame(1, 5, 1, rawRequest('/large')),
      rawFrame(3, 0, 1, rawNumber(8)),
      rawFrame(8, 0, 0, rawNumber(90_000)),
      rawFrame(8, 0, 1, rawNumber(90_000)),
    ],
    [ALIVE],
    { never: [/^out DATA 1 .*end/] },
  ),
  server('6.10', 'CONTINUATION on stream 0 is PROTOCOL_ERROR', [rawFrame(9, 4, 0, Buffer.from([0x82]))], [goaway(1)]),
  server('6.10', 'CONTINUATION after END_HEADERS is PROTOCOL_ERROR', [OPEN, rawFrame(9, 4, 1, Buffer.from([0x82]))], [goaway(1)]),
  server(
    '6.10',
    'CONTINUATION after DATA is PROTOCOL_ERROR',
    [OPEN, rawFrame(0, 0, 1), rawFrame(9, 4, 1, Buffer.from([0x82]))],
    [goaway(1)],
  ),
  server(
    '6.10',
    'CONTINUATION of another stream is PROTOCOL_ERROR',
    [rawFrame(1, 1, 1, rawRequest('/hold')), rawFrame(9, 4, 3)],
    [goaway(1)],
  ),
  server(
    '6.10',
    'CONTINUATION after the last one is PROTOCOL_ERROR',
    [rawFrame(1, 1, 1, rawRequest('/hold')), rawFrame(9, 4, 1), rawFrame(9, 4, 1)],
    [goaway(1)],
  ),
  client('6.10', 'CONTINUATION without HEADERS is PROTOCOL_ERROR', [rawFrame(9, 4, 1, Buffer.from([0x88]))], [goaway(1)]),
  server(
    '7',
    'an unknown error code in RST_STREAM means nothing special',
    [OPEN, rawFrame(3, 0, 1, rawNumber(0xffff))],
    [ALIVE, 'in 1 reset 65535'],
  ),
  client(
    '7',
    'an unknown error code in GOAWAY means nothing special',
    [rawFrame(7, 0, 0, Buffer.concat([rawNumber(3), rawNumber(0xfedc)]))],
    [ALIVE, 'in canOpen false'],
  ),
];
