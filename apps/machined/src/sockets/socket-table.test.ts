import { expect, test } from '@jest/globals';
import { ConnectRecord_State as State, ConnectRecord_TimerActive as Timer } from '@minos/api/machine';
import { parseSocketTable } from './socket-table.ts';

const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const LISTENING =
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000005 00:00000000 00000000     0        0 1605086 1 00000000c962fd99 100 0 0 10 0\n';
const CONNECTED =
  '   1: 0203050A:C350 0103050A:E240 01 0000007B:00000000 02:000005AC 00000003    50        2 99 2 0 20 4 30 10 -1\n';
const SIX =
  '   0: 00000000000000000000000001000000:0035 0000000000000000FFFF00000103050A:E240 06 00000000:00000000 03:00000010 00000000 0 0 0 3 0\n';

test('a listening socket has its address in the right order, its backlog, owner and inode', () => {
  expect(parseSocketTable(HEADING + LISTENING, 'tcp')).toEqual([
    expect.objectContaining({
      l4proto: 'tcp',
      localip: '127.0.0.1',
      localport: 8080,
      remoteip: '0.0.0.0',
      remoteport: 0,
      state: State.LISTEN,
      rxqueue: 5n,
      uid: 0,
      inode: 1_605_086n,
      pointer: 0xc962fd99n,
    }),
  ]);
});

test('queues and timers are hexadecimal, probes and owners decimal', () => {
  expect(parseSocketTable(HEADING + CONNECTED, 'tcp')[0]).toMatchObject({
    localip: '10.5.3.2',
    localport: 50_000,
    remoteip: '10.5.3.1',
    state: State.ESTABLISHED,
    txqueue: 123n,
    tr: Timer.KEEPALIVE,
    timerwhen: 0x5acn,
    retrnsmt: 3n,
    uid: 50,
    timeout: 2n,
    ref: 2n,
  });
});

test('IPv6 addresses are words in the order of the machine, and short in text', () => {
  expect(parseSocketTable(HEADING + SIX, 'tcp6')[0]).toMatchObject({
    localip: '::1',
    localport: 53,
    remoteip: '::ffff:10.5.3.1',
    state: State.TIME_WAIT,
    tr: Timer.TIMEWAIT,
  });
});

test('what is no socket is left out, and states without a name are none', () => {
  expect(parseSocketTable('', 'udp')).toEqual([]);
  expect(parseSocketTable(`${HEADING}rubbish\n${LISTENING.replace('0100007F', 'nonsense')}`, 'tcp')).toEqual([]);
  expect(parseSocketTable(HEADING + LISTENING.replace(' 0A ', ' 0C '), 'tcp')[0]?.state).toBe(State.RESERVED);
});
