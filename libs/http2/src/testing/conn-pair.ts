import { systemClock } from '@minos/base';
import type { Conn } from '../conn.ts';
import { type ConnOwner, Engine, type OpenOptions } from '../engine.ts';
import type { Http2Limits } from '../limits.ts';
import { type RawFrame, rawFrames } from './raw-frame.ts';
import { socketPair } from './socket-pair.ts';

/** Two connections that are each other's other end. */
export interface ConnPair {
  readonly client: Conn;
  readonly server: Conn;
}

/** Makes a client and a server over a pair of streams in memory. */
export function connPair(
  owners: { readonly client?: ConnOwner; readonly server: ConnOwner },
  limits: Partial<Http2Limits> = {},
): ConnPair {
  const engine = new Engine({ clock: systemClock, limits });
  const [a, b] = socketPair();
  const open = (socket: typeof a, options: OpenOptions): Conn => {
    const conn = engine.open(socket, options);
    socket.on('data', (bytes: Buffer) => conn.receive(bytes));
    return conn;
  };
  return {
    client: open(a, { role: 'client', owner: owners.client ?? {} }),
    server: open(b, { role: 'server', owner: owners.server }),
  };
}

/** The other end of a server connection, byte by byte. */
export interface RawClient {
  readonly server: Conn;
  send(...frames: readonly Buffer[]): void;
  /** Everything received, taken apart. */
  frames(): RawFrame[];
  /** Code of the GOAWAY received; undefined without one. */
  goaway(): number | undefined;
}

/** A server connection whose client the test plays, after the preface and empty SETTINGS. */
export function rawClient(owner: ConnOwner, limits: Partial<Http2Limits> = {}): RawClient {
  const engine = new Engine({ clock: systemClock, limits });
  const [a, b] = socketPair();
  const server = engine.open(b, { role: 'server', owner });
  b.on('data', (bytes: Buffer) => server.receive(bytes));
  let got = Buffer.alloc(0);
  a.on('data', (bytes: Buffer) => {
    got = Buffer.concat([got, bytes]);
  });
  a.on('error', () => undefined);
  a.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  a.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  const frames = (): RawFrame[] => rawFrames(got);
  return {
    server,
    send: (...all) => void a.write(Buffer.concat(all)),
    frames,
    goaway: () =>
      frames()
        .find((frame) => frame.type === 7)
        ?.payload.readUInt32BE(4),
  };
}
