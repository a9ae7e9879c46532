import { PREFACE } from '../frame-type.ts';
import { rawField, rawFrame, rawNumber, rawRequest, rawSettings } from '../testing/raw-frame.ts';
import { ALIVE, client, goaway, type Rule, reset, server } from './rule.ts';

const PING = rawFrame(6, 0, 0, Buffer.alloc(8, 'p'));
const OPEN = rawFrame(1, 4, 1, rawRequest('/hold'));
const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
const EMPTY = rawFrame(4, 0, 0);
const OK = Buffer.from([0x88]);

/** RFC 9113 §3.4 and §4: how a connection begins, frames, header blocks. */
export const FRAME_RULES: readonly Rule[] = [
  server('3.4', 'the server sends SETTINGS first', [], [/^out SETTINGS [0-9a-f]+$/]),
  server('3.4', 'a wrong preface ends the connection', [text('GET / HTTP/1.1\r\nHost: a\r\n\r\n')], [goaway(1)], { isRaw: true }),
  server(
    '3.4',
    'a preface that is wrong at its last byte ends the connection',
    [text('PRI * HTTP/2.0\r\n\r\nSM\r\n\rX')],
    [goaway(1)],
    { isRaw: true },
  ),
  server('3.4', 'SETTINGS must follow the preface', [PREFACE, PING], [goaway(1)], { isRaw: true }),
  server('3.4', 'DATA before SETTINGS ends the connection', [PREFACE, rawFrame(0, 0, 1)], [goaway(1)], { isRaw: true }),
  server('3.4', 'the SETTINGS of the preface may be empty', [PREFACE, EMPTY], [ALIVE, 'out SETTINGS ack'], { isRaw: true }),
  client('3.4', 'the client sends its preface first', [], ['out PREFACE']),
  client('3.4', 'SETTINGS must be the first frame of a server', [PING], [goaway(1)], { isRaw: true }),
  client('3.4', 'the client may send requests before SETTINGS arrive', [], [/^out HEADERS 1 /, /^out HEADERS 3 .* end$/], {
    isRaw: true,
  }),
  server('4.1', 'frames of unknown types are ignored', [rawFrame(0x16, 0xff, 0, text('what')), rawFrame(0xbe, 0, 7)], [ALIVE]),
  client('4.1', 'frames of unknown types are ignored', [rawFrame(0x16, 0xff, 1, text('what'))], [ALIVE]),
  server(
    '4.1',
    'flags that mean nothing are ignored',
    [rawFrame(6, 0xfe, 0, Buffer.alloc(8, 'q'))],
    [ALIVE, 'out PING ack qqqqqqqq'],
  ),
  server(
    '4.1',
    'flags that mean nothing on DATA are ignored',
    [OPEN, rawFrame(0, 0xf7, 1, text('x'))],
    ['in 1 body x', 'in 1 end'],
  ),
  server('4.1', 'the reserved bit is ignored', [OPEN, rawFrame(0, 0, 0x8000_0001, text('r'))], [ALIVE, 'in 1 body r']),
  server(
    '4.2',
    'a frame of 16,384 bytes is taken',
    [OPEN, rawFrame(0, 1, 1, Buffer.alloc(16_384, 'a'))],
    [ALIVE, 'in 1 body 16384'],
  ),
  server(
    '4.2',
    'DATA longer than SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR',
    [OPEN, rawFrame(0, 0, 1, Buffer.alloc(16_385))],
    [goaway(6)],
  ),
  server('4.2', 'HEADERS longer than that end the connection', [rawFrame(1, 5, 1, Buffer.alloc(16_385))], [goaway(6)]),
  server('4.2', 'SETTINGS longer than that end the connection', [rawFrame(4, 0, 0, Buffer.alloc(16_386))], [goaway(6)]),
  client(
    '4.2',
    'DATA longer than SETTINGS_MAX_FRAME_SIZE is FRAME_SIZE_ERROR',
    [rawFrame(0, 0, 1, Buffer.alloc(16_385))],
    [goaway(6)],
  ),
  server(
    '4.3',
    'a block that does not decode is COMPRESSION_ERROR',
    [rawFrame(1, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
    [goaway(9)],
  ),
  client('4.3', 'a block that does not decode is COMPRESSION_ERROR', [rawFrame(1, 4, 1, Buffer.from([0xfe]))], [goaway(9)]),
  server(
    '4.3',
    'a block that is cut short is COMPRESSION_ERROR',
    [rawFrame(1, 5, 1, rawRequest('/hold').subarray(0, -2))],
    [goaway(9)],
  ),
  server('4.3', 'no other frame may come inside a block', [rawFrame(1, 0, 1, rawRequest('/hold')), PING], [goaway(1)]),
  server(
    '4.3',
    'no frame of another stream may come inside a block',
    [rawFrame(1, 0, 1, rawRequest('/hold')), rawFrame(1, 4, 3, rawRequest('/b'))],
    [goaway(1)],
  ),
  server(
    '4.3',
    'no frame of an unknown type may come inside a block',
    [rawFrame(1, 0, 1, rawRequest('/hold')), rawFrame(0x99, 0, 0)],
    [goaway(1)],
  ),
  server(
    '4.3',
    'a block in fragments is one block',
    [
      rawFrame(1, 1, 1, rawRequest('/hold').subarray(0, 9)),
      rawFrame(9, 0, 1, rawRequest('/hold').subarray(9, 10)),
      rawFrame(9, 4, 1, rawRequest('/hold').subarray(10)),
    ],
    [ALIVE, /^in 1 request :method=POST,:scheme=https,:path=\/hold.* end$/],
  ),
  client(
    '4.3',
    'a block in fragments is one block',
    [rawFrame(1, 0, 1), rawFrame(9, 0, 1), rawFrame(9, 4, 1, OK)],
    [ALIVE, 'in 1 head :status=200'],
  ),
  server(
    '4.3',
    'the table belongs to the connection, not to the stream',
    [rawFrame(1, 5, 1, rawRequest('/hold')), rawFrame(1, 5, 3, Buffer.from([0x83, 0x87, 0xc1, 0xc0, 0xbf, 0xbe]))],
    [ALIVE, /^in 3 request .*:path=\/hold,:authority=localhost,content-type=application\/grpc,te=trailers end$/],
  ),
  server(
    '4.3',
    'blocks of streams that are refused still count for the table',
    [
      OPEN,
      rawFrame(1, 5, 3, rawRequest('/x', rawField('y', 'one'))),
      rawFrame(3, 0, 1, rawNumber(8)),
      rawFrame(1, 5, 5, Buffer.from([0x83, 0x87, 0x84, 0xbe])),
    ],
    [reset(3, 7), /^in 5 request .*y=one end$/],
    { limits: { maxStreams: 1 } },
  ),
  server(
    '4.3',
    'blocks of streams that this end has reset still count for the table',
    [
      OPEN,
      rawFrame(8, 0, 1, rawNumber(0)),
      rawFrame(1, 5, 1, rawField('late', 'two')),
      rawFrame(1, 5, 3, Buffer.from([0x83, 0x87, 0x84, 0xbe])),
    ],
    [reset(1, 1), /^in 3 request .*late=two end$/],
  ),
  server(
    '4.3.1',
    'after a smaller table size was asked for, the first block begins with a size update',
    [rawSettings([1, 0]), rawFrame(1, 5, 1, rawRequest('/early'))],
    [/^out block 20/],
  ),
  server(
    '4.3.1',
    'with a table of 0 bytes nothing is indexed',
    [rawSettings([1, 0]), rawFrame(1, 5, 1, rawRequest('/early')), rawFrame(1, 5, 3, rawRequest('/early'))],
    [/^out block 880f10/],
  ),
  server(
    '10.5.1',
    'a list of fields larger than announced is refused, and the connection lives',
    [rawFrame(1, 5, 1, rawRequest('/hold', rawField('x', 'y'.repeat(9000))))],
    [ALIVE, reset(1, 11)],
    { limits: { headerListBytes: 4096 } },
  ),
];
