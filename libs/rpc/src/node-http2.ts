import {
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { CONNECTION_LOST, ErrorCode, Field, Head, type Peer } from '@minos/http2';
import { nodeHeaders } from './node-headers.ts';

/** Who owns a connection of Node's own HTTP/2 and hears about it. */
export interface NodeHttp2Owner {
  /** A client opened a stream. The owner sets `stream.peer` before it returns, or answers at once. */
  request(stream: NodeStream, head: Head, isEnd: boolean): void;
  /** The connection is gone. Called once. */
  closed(): void;
}

const END_STREAM = 1;
const WINDOW = 1024 * 1024;
const SETTINGS = { initialWindowSize: 65_535, maxConcurrentStreams: 2000, maxHeaderListSize: 64 * 1024, enablePush: false };
/** Received bytes that may wait for those they go to, on one stream. */
const MOST_UNPASSED = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** The server's end of one connection on Node's own HTTP/2, over a socket that it owns. */
export class NodeHttp2 {
  readonly #session: ServerHttp2Session;

  constructor(socket: TLSSocket, owner: NodeHttp2Owner) {
    const session = performServerHandshake(socket, { settings: SETTINGS });
    this.#session = session;
    session.setLocalWindowSize(WINDOW);
    session.on('error', () => undefined);
    session.once('close', () => owner.closed());
    session.on('stream', (raw, _headers, flags, rawHeaders) => {
      const fields: Field[] = [];
      for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
        fields.push(new Field(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''));
      }
      const isEnd = (flags & END_STREAM) !== 0;
      const stream = new NodeStream(raw, isEnd);
      owner.request(stream, new Head(fields), isEnd);
      stream.begin();
    });
  }

  /** Takes no new streams, lets those that are open end, then closes. */
  drain(): void {
    this.#session.close();
  }

  /** Ends the connection with a code; every open stream is lost. */
  fail(code: number, _why: string): void {
    if (!this.#session.destroyed) this.#session.goaway(code);
    this.#session.destroy();
  }
}

/** One stream of such a connection. Nothing is called on its peer after `reset`. */
export class NodeStream implements Peer {
  peer: Peer | undefined;
  readonly #raw: ServerHttp2Stream;
  #trailers: Head | undefined;
  #unpassed = 0;
  #isHeadSent = false;
  #isReceiveEnded: boolean;
  #isSendEnded = false;
  #isGone = false;

  constructor(raw: ServerHttp2Stream, isEnd: boolean) {
    this.#raw = raw;
    this.#isReceiveEnded = isEnd;
    raw.on('error', () => undefined);
    raw.once('close', () => this.#closed());
    raw.on('wantTrailers', () => raw.sendTrailers(nodeHeaders(this.#trailers?.fields ?? [])));
  }

  /** Whether headers went out. */
  get isHeadSent(): boolean {
    return this.#isHeadSent;
  }

  /** Hands on what arrives; to be called once there is a peer. */
  begin(): void {
    this.#raw.on('data', (bytes: Buffer) => {
      this.#unpassed += bytes.length;
      if (this.#unpassed > MOST_UNPASSED) this.#raw.pause();
      if (!this.#isGone) this.peer?.data(bytes, 0, bytes.length, false);
    });
    this.#raw.once('end', () => {
      if (this.#isReceiveEnded || this.#isGone || this.#raw.aborted) return;
      this.#isReceiveEnded = true;
      this.peer?.data(NOTHING, 0, 0, true);
    });
  }

  head(head: Head, isEnd: boolean): void {
    if (this.#isOver) return;
    if (this.#isHeadSent) {
      this.#trailers = head;
      this.#end();
      return;
    }
    this.#isHeadSent = true;
    // Without a Date, which Node adds and its types do not know.
    const options: ServerStreamResponseOptions & { readonly sendDate: false } = isEnd
      ? { sendDate: false, endStream: true }
      : { sendDate: false, waitForTrailers: true };
    this.#raw.respond(nodeHeaders(head.fields), options);
    if (isEnd) this.#isSendEnded = true;
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    if (this.#isOver) return;
    const length = end - start;
    if (length > 0) this.#raw.write(Buffer.from(bytes.subarray(start, end)), () => this.peer?.passed(length));
    if (isEnd) this.#end();
  }

  passed(bytes: number): void {
    this.#unpassed -= bytes;
    if (this.#unpassed <= MOST_UNPASSED && !this.#isOver) this.#raw.resume();
  }

  reset(code: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#raw.close(code === CONNECTION_LOST ? ErrorCode.cancel : code);
  }

  get #isOver(): boolean {
    return this.#isGone || this.#isSendEnded || this.#raw.destroyed;
  }

  #end(): void {
    this.#isSendEnded = true;
    this.#raw.end();
  }

  #closed(): void {
    const isDone = this.#isSendEnded && this.#isReceiveEnded && !this.#raw.aborted;
    if (this.#isGone) return;
    this.#isGone = true;
    if (!isDone) this.peer?.reset(this.#raw.rstCode === ErrorCode.noError ? ErrorCode.cancel : this.#raw.rstCode);
  }
}
