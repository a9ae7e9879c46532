import type { Field } from '../field.ts';
import { FrameType } from '../frame-type.ts';
import type { Half } from '../half.ts';
import type { Head } from '../head.ts';
import { HpackDecoder } from '../hpack-decoder.ts';
import type { Peer } from '../peer.ts';
import { rawFrames } from '../testing/raw-frame.ts';

/** The frames of what a connection wrote, a line each. Equal connections give equal lines. */
export function outputLines(bytes: Buffer): string[] {
  const decoder = new HpackDecoder(1 << 20);
  const lines: string[] = [];
  let block: Buffer[] = [];
  for (const { type, flags, id, payload } of rawFrames(bytes)) {
    const end = flags & 1 && (type === FrameType.data || type === FrameType.headers) ? ' end' : '';
    switch (type) {
      case FrameType.data:
        lines.push(`out DATA ${id} length=${payload.length}${end}`);
        break;
      case FrameType.headers:
      case FrameType.continuation: {
        block.push(payload);
        const kind = type === FrameType.headers ? 'HEADERS' : 'CONTINUATION';
        if ((flags & 4) === 0) {
          lines.push(`out ${kind} ${id} part length=${payload.length}${end}`);
          break;
        }
        const whole = Buffer.concat(block);
        block = [];
        lines.push(`out ${kind} ${id} ${textOf(decoder.decode(whole, 0, whole.length).fields)}${end}`);
        lines.push(`out block ${whole.toString('hex')}`);
        break;
      }
      case FrameType.rstStream:
        lines.push(`out RST_STREAM ${id} code=${payload.readUInt32BE(0)}`);
        break;
      case FrameType.settings:
        lines.push(`out SETTINGS ${flags & 1 ? 'ack' : payload.toString('hex')}`);
        break;
      case FrameType.ping:
        lines.push(`out PING ${flags & 1 ? 'ack ' : ''}${payload.toString('latin1').trimEnd()}`);
        break;
      case FrameType.goaway:
        lines.push(`out GOAWAY last=${payload.readUInt32BE(0)} code=${payload.readUInt32BE(4)}`);
        break;
      case FrameType.windowUpdate:
        lines.push(`out WINDOW_UPDATE ${id} ${payload.readUInt32BE(0)}`);
        break;
      default:
        lines.push(`out type ${type} ${id}`);
    }
  }
  return lines;
}

function textOf(fields: readonly Field[]): string {
  return fields.map((f) => `${f.name}=${f.value.length > 60 ? f.value.length : f.value}`).join(',');
}

/** Who has the streams of a connection under test: writes down what it sees, and answers some paths. */
export class TranscriptPeer implements Peer {
  readonly #half: Half;
  readonly #lines: string[];
  readonly #isEcho: boolean;
  #body = '';

  constructor(half: Half, lines: string[], isEcho: boolean) {
    this.#half = half;
    this.#lines = lines;
    this.#isEcho = isEcho;
  }

  /** The request that a server got. */
  request(head: Head, isEnd: boolean): void {
    this.#note(`request ${textOf(head.fields)}${isEnd ? ' end' : ''}`);
  }

  head(head: Head, isEnd: boolean): void {
    this.#flush();
    this.#note(`head ${textOf(head.fields)}${isEnd ? ' end' : ''}`);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#body += bytes.toString('latin1', start, end);
    if (isEnd) {
      this.#flush();
      this.#note('end');
    }
    if (this.#isEcho) this.#half.data(bytes, start, end, isEnd);
    else this.#half.passed(end - start);
  }

  passed(bytes: number): void {
    if (this.#isEcho) this.#half.passed(bytes);
  }

  reset(code: number): void {
    this.#flush();
    this.#note(`reset ${code}`);
  }

  /** Writes down bytes of a body that did not end. */
  close(): void {
    this.#flush();
  }

  #flush(): void {
    if (this.#body === '') return;
    this.#note(`body ${this.#body.length > 60 ? this.#body.length : this.#body}`);
    this.#body = '';
  }

  #note(what: string): void {
    this.#lines.push(`in ${this.#half.id} ${what}`);
  }
}
