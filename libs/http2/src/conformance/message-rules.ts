import { rawField, rawFrame, rawRequest } from '../testing/raw-frame.ts';
import { ALIVE, client, type Rule, reset, server } from './rule.ts';

const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
const block = (...fields: readonly (readonly [string, string])[]): Buffer =>
  Buffer.concat(fields.map(([name, value]) => rawField(name, value, 0)));
const METHOD = [':method', 'POST'] as const;
const SCHEME = [':scheme', 'https'] as const;
const PATH = [':path', '/hold'] as const;
const malformed = [ALIVE, reset(1, 1)];

/** A request that is malformed: reset, and nobody hears of it. */
function bad(section: string, must: string, fields: Buffer): Rule {
  return server(section, must, [rawFrame(1, 5, 1, fields)], malformed, { never: [/^in 1 request/] });
}

/** A request with one more field. */
function badField(section: string, must: string, name: string, value: string): Rule {
  return bad(section, must, rawRequest('/hold', rawField(name, value, 0)));
}

/** An answer that is malformed: reset, and the call hears of it. */
function badAnswer(section: string, must: string, ...input: readonly Buffer[]): Rule {
  return client(section, must, input, [ALIVE, reset(1, 1), 'in 1 reset 1']);
}

const answer = (fields: Buffer, flags = 4): Buffer => rawFrame(1, flags, 1, fields);
const OK = Buffer.from([0x88]);
const body = (bytes: string, isEnd: boolean): Buffer => rawFrame(0, isEnd ? 1 : 0, 1, text(bytes));
const posted = (length: string, ...rest: readonly Buffer[]): readonly Buffer[] => [
  rawFrame(1, 4, 1, rawRequest('/hold', rawField('content-length', length, 0))),
  ...rest,
];

/** RFC 9113 §8: requests and answers, and their fields. */
export const MESSAGE_RULES: readonly Rule[] = [
  server(
    '8.1',
    'HEADERS after the first must end the stream',
    [rawFrame(1, 4, 1, rawRequest('/hold')), rawFrame(1, 4, 1, block(['x', 'y']))],
    malformed,
  ),
  server(
    '8.1',
    'a body and trailers may follow',
    [rawFrame(1, 4, 1, rawRequest('/hold')), body('a', false), rawFrame(1, 5, 1, block(['x', 'y']))],
    [ALIVE, 'in 1 head x=y end'],
  ),
  server(
    '8.1',
    'what is answered before the request ended is reset with NO_ERROR',
    [rawFrame(1, 4, 1, rawRequest('/early'))],
    [ALIVE, /^out HEADERS 1 .* end$/, reset(1, 0)],
  ),
  client(
    '8.1',
    'an informational answer comes before the real one',
    [answer(block([':status', '103'])), answer(OK, 5)],
    [ALIVE, 'in 1 head :status=200 end'],
    { never: [/103/] },
  ),
  badAnswer('8.1', 'an informational answer must not end the stream', answer(block([':status', '100']), 5)),
  badAnswer('8.1', 'DATA must not come before the answer', body('x', false)),
  badAnswer('8.1', 'trailers must end the stream', answer(OK), answer(block(['x', 'y']))),
  client('8.1', 'an answer may be headers alone', [answer(OK, 5)], [ALIVE, 'in 1 head :status=200 end']),
  server('8.1.1', 'a body longer than content-length is malformed', posted('1', body('xy', true)), malformed),
  server('8.1.1', 'a body shorter than content-length is malformed', posted('3', body('xy', true)), malformed),
  server('8.1.1', 'a body of that length is fine', posted('2', body('x', false), body('y', true)), [ALIVE, 'in 1 end']),
  server(
    '8.1.1',
    'no body although one was declared is malformed',
    [rawFrame(1, 5, 1, rawRequest('/hold', rawField('content-length', '1', 0)))],
    malformed,
  ),
  server(
    '8.1.1',
    'trailers before the declared length is reached are malformed',
    posted('3', body('x', false), rawFrame(1, 5, 1, block(['x', 'y']))),
    malformed,
  ),
  server(
    '8.1.1',
    'two content-lengths that differ are malformed',
    posted('1').concat(rawFrame(1, 5, 3, rawRequest('/hold', block(['content-length', '1'], ['content-length', '2'])))),
    [ALIVE, reset(3, 1)],
  ),
  server(
    '8.1.1',
    'two content-lengths that are equal are fine',
    [rawFrame(1, 4, 1, rawRequest('/hold', block(['content-length', '1'], ['content-length', '1']))), body('x', true)],
    [ALIVE, 'in 1 end'],
  ),
  badField('8.1.1', 'a content-length that is no number is malformed', 'content-length', '1x'),
  badField('8.1.1', 'a content-length with a sign is malformed', 'content-length', '+1'),
  badAnswer(
    '8.1.1',
    'a body of another length than declared is malformed in an answer',
    answer(block([':status', '200'], ['content-length', '1'])),
    body('xy', true),
  ),
  badField('8.2', 'upper case in a name is malformed', 'Upper', 'x'),
  badField('8.2.1', 'an empty name is malformed', '', 'x'),
  badField('8.2.1', 'a space in a name is malformed', 'a b', 'x'),
  badField('8.2.1', 'a colon inside a name is malformed', 'a:b', 'x'),
  badField('8.2.1', 'NUL in a name is malformed', 'a\0', 'x'),
  badField('8.2.1', 'LF in a name is malformed', 'a\n', 'x'),
  badField('8.2.1', 'CR in a name is malformed', 'a\r', 'x'),
  badField('8.2.1', 'DEL in a name is malformed', 'a\x7f', 'x'),
  badField('8.2.1', 'a name beyond ASCII is malformed', 'caf\xe9', 'x'),
  badField('8.2.1', 'NUL in a value is malformed', 'x', 'a\0b'),
  badField('8.2.1', 'CR in a value is malformed', 'x', 'a\rb'),
  badField('8.2.1', 'LF in a value is malformed', 'x', 'a\nb'),
  badField('8.2.1', 'a value that begins with a space is malformed', 'x', ' a'),
  badField('8.2.1', 'a value that ends with a tab is malformed', 'x', 'a\t'),
  server(
    '8.2.1',
    'an empty value is fine',
    [rawFrame(1, 5, 1, rawRequest('/hold', rawField('x', '', 0)))],
    [ALIVE, /^in 1 request .*,x= end$/],
  ),
  server(
    '8.2.1',
    'bytes beyond ASCII in a value are fine',
    [rawFrame(1, 5, 1, rawRequest('/hold', rawField('x', 'caf\xe9', 0)))],
    [ALIVE, /^in 1 request /],
  ),
  badAnswer('8.2.1', 'LF in a value is malformed in an answer', answer(block([':status', '200'], ['x', 'a\nb']))),
  badAnswer('8.2', 'upper case in a name is malformed in trailers', answer(OK), answer(block(['X', 'y']), 5)),
  badField('8.2.2', 'connection is malformed', 'connection', 'close'),
  badField('8.2.2', 'keep-alive is malformed', 'keep-alive', '5'),
  badField('8.2.2', 'proxy-connection is malformed', 'proxy-connection', 'close'),
  badField('8.2.2', 'transfer-encoding is malformed', 'transfer-encoding', 'chunked'),
  badField('8.2.2', 'upgrade is malformed', 'upgrade', 'h2c'),
  bad('8.2.2', 'te of anything but trailers is malformed', block(METHOD, SCHEME, PATH, ['te', 'gzip'])),
  server(
    '8.2.2',
    'te of trailers is fine',
    [rawFrame(1, 5, 1, block(METHOD, SCHEME, PATH, ['te', 'trailers']))],
    [ALIVE, /^in 1 request /],
  ),
  badAnswer(
    '8.2.2',
    'transfer-encoding is malformed in an answer',
    answer(block([':status', '200'], ['transfer-encoding', 'chunked'])),
  ),
  bad('8.3', 'an unknown pseudo field is malformed', block(METHOD, SCHEME, PATH, [':what', 'x'])),
  bad('8.3', 'a pseudo field of answers is malformed in a request', block(METHOD, SCHEME, PATH, [':status', '200'])),
  bad('8.3', 'a pseudo field after others is malformed', block(METHOD, SCHEME, ['x', 'y'], PATH)),
  bad('8.3', 'a pseudo field twice is malformed', block(METHOD, SCHEME, PATH, PATH)),
  server(
    '8.3',
    'a pseudo field in trailers is malformed',
    [rawFrame(1, 4, 1, rawRequest('/hold')), rawFrame(1, 5, 1, block([':path', '/x']))],
    malformed,
  ),
  badAnswer('8.3', 'a pseudo field of requests is malformed in an answer', answer(block([':status', '200'], [':path', '/']))),
  badAnswer('8.3', 'a pseudo field in trailers is malformed in an answer', answer(OK), answer(block([':status', '200']), 5)),
  bad('8.3.1', 'no :method is malformed', block(SCHEME, PATH)),
  bad('8.3.1', 'no :scheme is malformed', block(METHOD, PATH)),
  bad('8.3.1', 'no :path is malformed', block(METHOD, SCHEME)),
  bad('8.3.1', 'an empty :path is malformed', block(METHOD, SCHEME, [':path', ''])),
  bad('8.3.1', 'a :path that does not begin with a slash is malformed', block(METHOD, SCHEME, [':path', 'a.B/C'])),
  server(
    '8.3.1',
    'OPTIONS may ask about *',
    [rawFrame(1, 5, 1, block([':method', 'OPTIONS'], SCHEME, [':path', '*']))],
    [ALIVE, /^in 1 request /],
  ),
  server('8.3.1', 'no :authority is fine', [rawFrame(1, 5, 1, block(METHOD, SCHEME, PATH))], [ALIVE, /^in 1 request /]),
  bad('8.3.1', 'a user in :authority is malformed', block(METHOD, SCHEME, [':authority', 'me@host'], PATH)),
  bad('8.3.1', 'a host other than :authority is malformed', block(METHOD, SCHEME, [':authority', 'a'], PATH, ['host', 'b'])),
  bad('8.3.1', 'two :authority are malformed', block(METHOD, SCHEME, [':authority', 'a'], [':authority', 'b'], PATH)),
  badAnswer('8.3.2', 'no :status is malformed', answer(block(['x', 'y']))),
  badAnswer('8.3.2', 'two :status are malformed', answer(block([':status', '200'], [':status', '200']))),
  badAnswer('8.3.2', 'a :status that is no number of three digits is malformed', answer(block([':status', '20']))),
  server(
    '8.5',
    'CONNECT has no :scheme and :path',
    [rawFrame(1, 4, 1, block([':method', 'CONNECT'], [':authority', 'a:1']))],
    [ALIVE, /^in 1 request :method=CONNECT/],
  ),
  bad('8.5', 'CONNECT with a :path is malformed', block([':method', 'CONNECT'], SCHEME, PATH, [':authority', 'a:1'])),
  bad('8.5', 'CONNECT without :authority is malformed', block([':method', 'CONNECT'])),
  badAnswer('8.6', 'an answer 101 is malformed', answer(block([':status', '101']))),
];
