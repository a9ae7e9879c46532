import type { Conn } from '../conn.ts';
import type { ConnOwner, Engine } from '../engine.ts';
import { PREFACE } from '../frame-type.ts';
import { type RawFrame, rawFrame, rawFrames } from './raw-frame.ts';
import { socketPair } from './socket-pair.ts';

/** A client of an engine that many clients share, byte by byte. */
export interface EngineClient {
  readonly server: Conn;
  readonly send: (...frames: readonly Buffer[]) => void;
  /** Stops reading. */
  readonly pause: () => void;
  readonly frames: () => RawFrame[];
  /** Code of the GOAWAY received last. */
  readonly goaway: () => number | undefined;
  /** Streams that were reset, and the codes. */
  readonly resets: () => (readonly [number, number])[];
}

/** Connects one. `isRaw`: nothing was sent yet; `isAcknowledging`: the server's settings are acknowledged. */
export function engineClient(
  engine: Engine,
  options: { readonly owner: ConnOwner; readonly isRaw: boolean; readonly isAcknowledging: boolean },
): EngineClient {
  const [near, far] = socketPair();
  const server = engine.open(far, { role: 'server', owner: options.owner });
  far.on('data', (bytes: Buffer) => server.receive(bytes));
  let got = Buffer.alloc(0);
  near.on('data', (bytes: Buffer) => {
    got = Buffer.concat([got, bytes]);
  });
  near.on('error', () => undefined);
  if (!options.isRaw) near.write(Buffer.concat([PREFACE, rawFrame(4, 0, 0)]));
  if (options.isAcknowledging && !options.isRaw) near.write(rawFrame(4, 1, 0));
  const frames = (): RawFrame[] => rawFrames(got);
  return {
    server,
    send: (...all) => void near.write(Buffer.concat(all)),
    pause: () => void near.pause(),
    frames,
    goaway: () =>
      frames()
        .findLast((f) => f.type === 7)
        ?.payload.readUInt32BE(4),
    resets: () =>
      frames()
        .filter((f) => f.type === 3)
        .map((f) => [f.id, f.payload.readUInt32BE(0)] as const),
  };
}
