import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { appendInfo, buildError } from './fan-out.ts';
import { Data, Metadata } from './gen/common/common.ts';
import { Hostname, HostnameResponse } from './gen/entry/machine.ts';
import { Status } from './gen/google/rpc/status.ts';

const bytes = (written: { finish(): Uint8Array }): Buffer => Buffer.from(written.finish());
const hostnames = (...names: string[]): Buffer =>
  bytes(HostnameResponse.encode({ messages: names.map((hostname) => Hostname.create({ hostname })) }));
const faultOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (e) {
    return e;
  }
};

test('a unary reply gets the name of its node', () => {
  const reply = HostnameResponse.decode(appendInfo(hostnames('one'), '10.5.0.2', 'unary'));
  expect(reply.messages).toMatchObject([{ hostname: 'one', metadata: { hostname: '10.5.0.2', error: '' } }]);
});

test('a simple unary reply is byte for byte what the reference makes of it', () => {
  expect(appendInfo(Buffer.from('0a0512036f6e65', 'hex'), 'n', 'unary').toString('hex')).toBe('0a0a12036f6e650a030a016e');
});

test('each element of a unary reply gets the name, and none is lost', () => {
  const reply = HostnameResponse.decode(appendInfo(hostnames('one', 'two'), 'n', 'unary'));
  expect(reply.messages.map((m) => [m.hostname, m.metadata?.hostname])).toEqual([
    ['one', 'n'],
    ['two', 'n'],
  ]);
});

test('an empty unary reply becomes one element with nothing but metadata', () => {
  const reply = HostnameResponse.decode(appendInfo(Buffer.alloc(0), 'n', 'unary'));
  expect(reply.messages).toMatchObject([{ hostname: '', metadata: { hostname: 'n' } }]);
});

test('an element of no bytes gets metadata too', () => {
  const reply = HostnameResponse.decode(appendInfo(Buffer.from('0a00', 'hex'), 'n', 'unary'));
  expect(reply.messages).toMatchObject([{ hostname: '', metadata: { hostname: 'n' } }]);
});

test('an element longer than 127 bytes gets a length of two bytes', () => {
  const long = 'x'.repeat(300);
  const reply = HostnameResponse.decode(appendInfo(hostnames(long), long, 'unary'));
  expect(reply.messages).toMatchObject([{ hostname: long, metadata: { hostname: long } }]);
});

test('a streamed message gets the name, and its own bytes are not touched', () => {
  const body = bytes(Data.encode(Data.create({ bytes: Buffer.from('chunk') })));
  const out = appendInfo(body, 'n', 'stream');
  expect(out.subarray(0, body.length).equals(body)).toBe(true);
  expect(Data.decode(out)).toMatchObject({ bytes: Buffer.from('chunk'), metadata: { hostname: 'n' } });
});

test('a streamed message of no bytes becomes one that is only metadata', () => {
  expect(Data.decode(appendInfo(Buffer.alloc(0), 'n', 'stream')).metadata?.hostname).toBe('n');
});

test.each(['unary', 'stream'] as const)('an error that the node has set itself is kept (%s)', (kind) => {
  const element = bytes(Data.encode(Data.create({ metadata: { hostname: 'old', error: 'disk is gone' } })));
  const body = kind === 'stream' ? element : Buffer.concat([Buffer.from([0x0a, element.length]), element]);
  const out = appendInfo(body, 'n', kind);
  const metadata = kind === 'stream' ? Data.decode(out).metadata : HostnameResponse.decode(out).messages[0]?.metadata;
  expect(metadata).toMatchObject({ hostname: 'n', error: 'disk is gone' });
});

test('our decoder keeps only the last of two sub-messages, which is why metadata is put together before it is sent', () => {
  const first = bytes(Metadata.encode(Metadata.create({ error: 'lost' })));
  const second = bytes(Metadata.encode(Metadata.create({ hostname: 'n' })));
  const twice = Buffer.concat([Buffer.from([0x0a, first.length]), first, Buffer.from([0x0a, second.length]), second]);
  expect(Data.decode(twice).metadata).toMatchObject({ hostname: 'n', error: '' });
});

test('fields that we do not know stay where they are', () => {
  const unknown = Buffer.from('f80701fd0701020304f907010203040506070882080161', 'hex');
  const out = appendInfo(Buffer.concat([hostnames('one'), unknown]), 'n', 'unary');
  expect(out.subarray(out.length - unknown.length).equals(unknown)).toBe(true);
});

test('a truncated or foreign body is refused, wherever it is cut', () => {
  const body = hostnames('a-longer-name');
  for (let cut = 1; cut < body.length; cut += 1) {
    expect(
      isFault(
        faultOf(() => appendInfo(body.subarray(0, cut), 'n', 'unary')),
        'internal',
      ),
    ).toBe(true);
  }
  for (const hex of ['0801', '0aff', '0f', '00', '0affffffffffffffffffff01', '0a02ff', '0d0102']) {
    expect(
      isFault(
        faultOf(() => appendInfo(Buffer.from(hex, 'hex'), 'n', 'unary')),
        'internal',
      ),
    ).toBe(true);
    expect(
      isFault(
        faultOf(() => appendInfo(Buffer.from(hex, 'hex'), 'n', 'stream')),
        'internal',
      ) || hex === '0a02ff',
    ).toBe(true);
  }
});

test('a failed node is an element with its name, the error as Go prints it, and the status', () => {
  const [element] = HostnameResponse.decode(buildError('10.5.0.4', { code: 14, message: 'no route' }, 'unary')).messages;
  expect(element?.metadata).toEqual({
    hostname: '10.5.0.4',
    error: 'rpc error: code = Unavailable desc = no route',
    status: { code: 14, message: 'no route', details: [] },
  });
});

test('in a stream a failed node is one message that is only metadata', () => {
  expect(Data.decode(buildError('n', { code: 2, message: 'x' }, 'stream')).metadata?.error).toBe(
    'rpc error: code = Unknown desc = x',
  );
});

test('the status that the node sent is passed on as it is', () => {
  const status = Status.create({ code: 9, message: 'not now', details: [{ typeUrl: 'a/b', value: Buffer.from([1]) }] });
  const error = { code: 9, message: 'not now', status: bytes(Status.encode(status)) };
  expect(Data.decode(buildError('n', error, 'stream')).metadata?.status).toEqual(status);
});

test('replies of several nodes, one after the other, are one reply', () => {
  const together = Buffer.concat([
    appendInfo(hostnames('one'), 'a', 'unary'),
    buildError('b', { code: 14, message: 'gone' }, 'unary'),
    appendInfo(Buffer.alloc(0), 'c', 'unary'),
  ]);
  expect(HostnameResponse.decode(together).messages.map((m) => m.metadata?.hostname)).toEqual(['a', 'b', 'c']);
});
