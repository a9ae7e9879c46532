import { connect, type TLSSocket } from 'node:tls';
import { Field, Head, HpackDecoder, HpackEncoder } from '@minos/http2';
import { type KeyPairPem, normalizePrivateKeyPem } from '@minos/pki';
import { eventually } from '@minos/testkit';

/** A header field on the wire. */
export type RawField = readonly [string, string];

/** What came back on one stream. */
export interface RawReply {
  readonly heads: string[];
  body: Buffer;
  isEnded: boolean;
  resetCode: number | undefined;
}

/** How to connect. */
export interface RawClientOptions {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly who: KeyPairPem;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** The bytes of one frame. */
export function frame(type: number, flags: number, id: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(id, 5);
  return Buffer.concat([header, payload]);
}

/** A client that sends any bytes, over TLS, and takes apart what comes back. */
export class RawClient implements Disposable {
  readonly socket: TLSSocket;
  readonly replies = new Map<number, RawReply>();
  goaway: number | undefined;
  isClosed = false;
  pings = 0;
  readonly #encoder = new HpackEncoder();
  readonly #decoder = new HpackDecoder(1 << 20);
  #got = Buffer.alloc(0);
  #nextId = 1;
  #isGreeted = false;

  constructor({ host, port, ca, who }: RawClientOptions) {
    const own = { cert: who.certPem, key: normalizePrivateKeyPem(who.keyPem) };
    this.socket = connect({ host, port, ca, ALPNProtocols: ['h2'], ...own });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    this.socket.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  /** What grpc-go says first: a large window for each stream and for the connection. */
  greet(): this {
    this.#isGreeted = true;
    const settings = Buffer.from('0004001fffe0', 'hex');
    this.send(PREFACE, frame(4, 0, 0, settings), frame(8, 0, 0, Buffer.from('000efff1', 'hex')));
    return this;
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** Sends a request with these fields in this order; gives the number of its stream. */
  request(fields: readonly RawField[], body: Buffer | undefined = Buffer.alloc(5)): number {
    const id = this.#nextId;
    this.#nextId += 2;
    const block = this.#encoder.encode(new Head(fields.map(([name, value]) => new Field(name, value))));
    const parts: Buffer[] = [];
    for (let at = 0; at === 0 || at < block.length; at += 16_384) {
      const isLast = at + 16_384 >= block.length;
      const flags = (isLast ? 4 : 0) | (at === 0 && body === undefined ? 1 : 0);
      parts.push(frame(at === 0 ? 1 : 9, flags, id, Buffer.from(block.subarray(at, at + 16_384))));
    }
    if (body !== undefined) parts.push(frame(0, 1, id, body));
    this.send(...parts);
    return id;
  }

  /** Waits until a stream has ended, in whatever way. */
  async ended(id: number): Promise<RawReply> {
    return eventually(
      () => {
        const reply = this.reply(id);
        if (!reply.isEnded && reply.resetCode === undefined && !this.isClosed) throw new Error(`stream ${id} goes on`);
        return reply;
      },
      { withinMs: 8000, everyMs: 5 },
    );
  }

  /** What has come back on a stream so far. */
  reply(id: number): RawReply {
    const known = this.replies.get(id);
    if (known !== undefined) return known;
    const made: RawReply = { heads: [], body: Buffer.alloc(0), isEnded: false, resetCode: undefined };
    this.replies.set(id, made);
    return made;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#got = Buffer.concat([this.#got, bytes]);
    while (this.#got.length >= 9) {
      const length = this.#got.readUIntBE(0, 3);
      if (this.#got.length < 9 + length) return;
      const [type = 0, flags = 0] = [this.#got[3], this.#got[4]];
      this.#frame(type, flags, this.#got.readUInt32BE(5), this.#got.subarray(9, 9 + length));
      this.#got = this.#got.subarray(9 + length);
    }
  }

  #frame(type: number, flags: number, id: number, payload: Buffer): void {
    const reply = this.reply(id);
    if (type === 0) reply.body = Buffer.concat([reply.body, payload]);
    if (type === 1) {
      const { fields } = this.#decoder.decode(payload, 0, payload.length);
      reply.heads.push(fields.map((f) => `${f.name}=${f.value}`).join(' '));
    }
    if (type <= 1 && flags & 1) reply.isEnded = true;
    if (type === 3) reply.resetCode = payload.readUInt32BE(0);
    if (type === 4 && (flags & 1) === 0 && this.#isGreeted) this.send(frame(4, 1, 0));
    if (type === 6 && flags & 1) this.pings++;
    else if (type === 6) this.send(frame(6, 1, 0, Buffer.from(payload)));
    if (type === 7) this.goaway = payload.readUInt32BE(4);
  }
}
