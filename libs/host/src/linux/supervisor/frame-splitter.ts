import { Fault } from '@minos/base';
import { FRAME_MAX_BYTES } from './wire.ts';

/** Cuts a byte stream into frames, handed out without their length word; throws `data-loss` on an impossible length. */
export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32LE(at);
      if (length < 5 || length > FRAME_MAX_BYTES - 4)
        throw new Fault('data-loss', 'init sent a frame of an impossible length', { length });
      if (bytes.length - at - 4 < length) break;
      frames.push(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#rest = bytes.subarray(at);
    return frames;
  }
}
