import { rawFrame, rawNumber, rawRequest, rawSettings } from '../testing/raw-frame.ts';
import { ALIVE, client, goaway, type Rule, reset, server } from './rule.ts';

const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
const request = (id: number, path = '/hold', isEnd = false): Buffer => rawFrame(1, isEnd ? 5 : 4, id, rawRequest(path));
const ok = (id: number, isEnd = false): Buffer => rawFrame(1, isEnd ? 5 : 4, id, Buffer.from([0x88]));
const trailers = (id: number, flags = 5): Buffer => rawFrame(1, flags, id, Buffer.from([0x00, 0x01, 0x78, 0x01, 0x79]));
const data = (id: number, isEnd = false): Buffer => rawFrame(0, isEnd ? 1 : 0, id, text('d'));
const rst = (id: number, code = 8): Buffer => rawFrame(3, 0, id, rawNumber(code));
const window = (id: number, bytes = 1): Buffer => rawFrame(8, 0, id, rawNumber(bytes));
const priority = (id: number): Buffer => rawFrame(2, 0, id, Buffer.from([0, 0, 0, 77, 1]));
const continuation = (id: number): Buffer => rawFrame(9, 4, id);

const BOTH_ENDED = [request(1, '/early', true)];
const REMOTE_ENDED = [request(1, '/hold', true)];
const RESET_BY_THEM = [request(1), rst(1)];
const RESET_BY_US = [request(1), window(1, 0)];

/** RFC 9113 §5: streams, their numbers and states, errors. */
export const STREAM_RULES: readonly Rule[] = [
  server('5.1', 'idle: DATA is a connection error', [data(1)], [goaway(1)]),
  server('5.1', 'idle: RST_STREAM is a connection error', [rst(1)], [goaway(1)]),
  server('5.1', 'idle: WINDOW_UPDATE is a connection error', [window(1)], [goaway(1)]),
  server('5.1', 'idle: CONTINUATION is a connection error', [continuation(1)], [goaway(1)]),
  server('5.1', 'idle: PRIORITY is taken', [priority(5)], [ALIVE]),
  server('5.1', 'idle: HEADERS open the stream', [request(1)], [ALIVE, /^in 1 request /]),
  client('5.1', 'idle: DATA is a connection error', [data(5)], [goaway(1)]),
  client('5.1', 'idle: HEADERS are a connection error', [ok(5)], [goaway(1)]),
  client('5.1', 'idle: RST_STREAM is a connection error', [rst(5)], [goaway(1)]),
  client('5.1', 'idle: WINDOW_UPDATE is a connection error', [window(5)], [goaway(1)]),
  client('5.1', 'idle: HEADERS of a stream that a server opens are a connection error', [ok(2)], [goaway(1)]),
  client('5.1', 'idle: PRIORITY is taken', [priority(9)], [ALIVE]),
  server('5.1', 'open: DATA is taken', [request(1), data(1)], [ALIVE, 'in 1 body d']),
  server(
    '5.1',
    'open: trailers end the request',
    [request(1), data(1), trailers(1)],
    [ALIVE, 'in 1 body d', 'in 1 head x=y end'],
  ),
  server('5.1', 'open: RST_STREAM ends the stream', RESET_BY_THEM, [ALIVE, 'in 1 reset 8']),
  server('5.1', 'open: WINDOW_UPDATE is taken', [request(1), window(1)], [ALIVE]),
  server('5.1', 'open: PRIORITY is taken', [request(1), priority(1)], [ALIVE]),
  client(
    '5.1',
    'open: an answer is taken',
    [ok(1), data(1), trailers(1)],
    [ALIVE, 'in 1 head :status=200', 'in 1 body d', 'in 1 head x=y end'],
  ),
  client('5.1', 'open: RST_STREAM ends the stream', [rst(1, 2)], [ALIVE, 'in 1 reset 2']),
  client(
    '5.1',
    'half closed (local): an answer is taken',
    [ok(3), data(3, true)],
    [ALIVE, 'in 3 head :status=200', 'in 3 body d', 'in 3 end'],
  ),
  client('5.1', 'half closed (local): WINDOW_UPDATE is taken', [window(3)], [ALIVE]),
  client('5.1', 'half closed (local): PRIORITY is taken', [priority(3)], [ALIVE]),
  client('5.1', 'half closed (local): RST_STREAM is taken', [rst(3, 7)], [ALIVE, 'in 3 reset 7']),
  server('5.1', 'half closed (remote): DATA is a stream error STREAM_CLOSED', [...REMOTE_ENDED, data(1)], [ALIVE, reset(1, 5)]),
  server(
    '5.1',
    'half closed (remote): HEADERS are a stream error STREAM_CLOSED',
    [...REMOTE_ENDED, trailers(1)],
    [ALIVE, reset(1, 5)],
  ),
  server('5.1', 'half closed (remote): CONTINUATION is a connection error', [...REMOTE_ENDED, continuation(1)], [goaway(1)]),
  server('5.1', 'half closed (remote): WINDOW_UPDATE is taken', [...REMOTE_ENDED, window(1)], [ALIVE], { never: [/RST_STREAM/] }),
  server('5.1', 'half closed (remote): PRIORITY is taken', [...REMOTE_ENDED, priority(1)], [ALIVE], { never: [/RST_STREAM/] }),
  server('5.1', 'half closed (remote): RST_STREAM is taken', [...REMOTE_ENDED, rst(1)], [ALIVE, 'in 1 reset 8']),
  server('5.1', 'closed: DATA is an error STREAM_CLOSED', [...BOTH_ENDED, data(1)], [goaway(5)]),
  server('5.1', 'closed: HEADERS are an error STREAM_CLOSED', [...BOTH_ENDED, trailers(1)], [goaway(5)]),
  server('5.1', 'closed: CONTINUATION is a connection error', [...BOTH_ENDED, continuation(1)], [goaway(1)]),
  server('5.1', 'closed: WINDOW_UPDATE is ignored', [...BOTH_ENDED, window(1)], [ALIVE]),
  server('5.1', 'closed: RST_STREAM is ignored', [...BOTH_ENDED, rst(1)], [ALIVE]),
  server('5.1', 'closed: PRIORITY is taken', [...BOTH_ENDED, priority(1)], [ALIVE]),
  server('5.1', 'closed by RST_STREAM: DATA is an error STREAM_CLOSED', [...RESET_BY_THEM, data(1)], [goaway(5)]),
  server('5.1', 'closed by RST_STREAM: HEADERS are an error STREAM_CLOSED', [...RESET_BY_THEM, trailers(1)], [goaway(5)]),
  server('5.1', 'closed by RST_STREAM: WINDOW_UPDATE and RST_STREAM are ignored', [...RESET_BY_THEM, window(1), rst(1)], [ALIVE]),
  server('5.1', 'closed by RST_STREAM: PRIORITY is taken', [...RESET_BY_THEM, priority(1)], [ALIVE]),
  server('5.1', 'reset by this end: DATA is ignored', [...RESET_BY_US, data(1), data(1, true)], [ALIVE, reset(1, 1)]),
  server('5.1', 'reset by this end: HEADERS are ignored', [...RESET_BY_US, trailers(1)], [ALIVE]),
  server('5.1', 'reset by this end: WINDOW_UPDATE is ignored', [...RESET_BY_US, window(1)], [ALIVE]),
  server('5.1', 'reset by this end: RST_STREAM is ignored, and not answered', [...RESET_BY_US, rst(1)], [ALIVE]),
  client(
    '5.1',
    'half closed (remote): the rest of the request is given up, and late frames are ignored',
    [ok(1, true), window(1), data(1)],
    [ALIVE, reset(1, 8)],
  ),
  client('5.1', 'closed: DATA is an error STREAM_CLOSED', [ok(3, true), data(3)], [goaway(5)]),
  client('5.1', 'closed: HEADERS are an error STREAM_CLOSED', [ok(3, true), trailers(3)], [goaway(5)]),
  client('5.1', 'closed: WINDOW_UPDATE and RST_STREAM are ignored', [ok(3, true), window(3), rst(3)], [ALIVE]),
  server('5.1.1', 'a client opens streams with odd numbers only', [request(2)], [goaway(1)]),
  server('5.1.1', 'a number that was left out cannot be used later', [request(5), request(3)], [goaway(1)]),
  server('5.1.1', 'a number below the first cannot be used later', [request(5), request(1)], [goaway(1)]),
  server('5.1.1', 'a number cannot be used again', [...BOTH_ENDED, request(1)], [goaway(5)]),
  server('5.1.1', 'numbers may be left out', [request(1), request(101)], [ALIVE, /^in 101 request /]),
  client('5.1.1', 'a client numbers its streams 1, 3, …', [], [/^out HEADERS 1 /, /^out HEADERS 3 /]),
  server('5.1.2', 'a stream beyond the limit is REFUSED_STREAM', [request(1), request(3), request(5)], [ALIVE, reset(5, 7)], {
    limits: { maxStreams: 2 },
  }),
  server('5.1.2', 'a stream that ended makes room', [request(1), rst(1), request(3)], [ALIVE, /^in 3 request /], {
    limits: { maxStreams: 1 },
  }),
  client('5.1.2', 'no more streams than the server allows', [rawSettings([3, 2])], [ALIVE, 'in canOpen false']),
  client('5.1.2', 'a limit that is raised holds at once', [rawSettings([3, 2]), rawSettings([3, 3])], [ALIVE, 'in canOpen true']),
  server(
    '5.4.1',
    'a connection error is told in GOAWAY with the last stream',
    [request(1), request(3), data(5)],
    ['out GOAWAY last=3 code=1'],
  ),
  server('5.4.1', 'after it nothing is read', [data(1), request(3)], [goaway(1)], { never: [/^in 3/, ALIVE] }),
  server(
    '5.4.2',
    'a stream error leaves the connection and the others alone',
    [request(1), request(3), window(1, 0), data(3, true)],
    [ALIVE, reset(1, 1), 'in 1 reset 1', 'in 3 body d', 'in 3 end'],
  ),
  server('5.4.2', 'RST_STREAM is not answered with RST_STREAM', RESET_BY_THEM, [ALIVE], { never: [/^out RST_STREAM/] }),
  client('5.4.2', 'RST_STREAM is not answered with RST_STREAM', [rst(1), rst(3)], [ALIVE], { never: [/^out RST_STREAM/] }),
  client('5.4.3', 'a lost connection ends every stream', [rawFrame(0, 0, 0, text('x'))], ['in 1 reset -1', 'in 3 reset -1']),
  server('5.5', 'unknown settings are ignored', [rawSettings([0xabcd, 1])], [ALIVE]),
];
