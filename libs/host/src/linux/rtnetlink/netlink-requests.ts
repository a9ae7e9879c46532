import { getSystemErrorName } from 'node:util';
import { Fault, type FaultFields } from '@minos/base';
import type { NetlinkSocket } from 'netlink/dist/netlink.js';
import { rtnetlinkFault } from '../../rtnetlink/rtnetlink-fault.ts';

/** Message types and flags, linux/netlink.h and linux/rtnetlink.h. */
export const RTM = {
  NEWLINK: 16,
  DELLINK: 17,
  GETLINK: 18,
  NEWADDR: 20,
  DELADDR: 21,
  GETADDR: 22,
  NEWROUTE: 24,
  DELROUTE: 25,
  GETROUTE: 26,
  NEWLINKPROP: 108,
} as const;
const NLMSG_ERROR = 2;
const NLM_F = { DUMP_INTERRUPTED: 0x10, DUMP: 0x300, EXCL: 0x200, CREATE: 0x400 } as const;
const DUMP_TRIES = 8;

/** One change: what to send, whether it makes something new, and what to call it in an error. */
export interface ChangeRequest {
  readonly type: number;
  readonly message: Buffer[];
  readonly isNew: boolean;
  readonly action: string;
  readonly fields: FaultFields;
}

/** Requests over one rtnetlink socket, one at a time: the kernel refuses a second dump while one runs. Owns the socket. */
export class NetlinkRequests implements Disposable {
  readonly #socket: NetlinkSocket;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
  }

  /** The payloads of all objects of one kind; asked again when the kernel says that they changed meanwhile. */
  dump(type: number, message: Buffer[]): Promise<Buffer[]> {
    return this.#inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        const [replies] = await this.#socket.request(type, message, { flags: NLM_F.DUMP, checkError: false });
        const refused = replies.find((reply) => reply.type === NLMSG_ERROR);
        if (refused !== undefined) throw rtnetlinkFault(errnoName(refused.data), 'list the network', { type });
        const isWhole = replies.every((reply) => (reply.flags & NLM_F.DUMP_INTERRUPTED) === 0);
        if (isWhole || attempt === DUMP_TRIES) return replies.map((reply) => reply.data);
      }
    });
  }

  /** Carries out one change; throws a Fault that names the object when the kernel refuses. */
  change(request: ChangeRequest): Promise<void> {
    return this.#inTurn(async () => {
      const flags = request.isNew ? NLM_F.CREATE | NLM_F.EXCL : 0;
      const [replies] = await this.#socket.request(request.type, request.message, { flags, checkError: false });
      const answer = replies.find((reply) => reply.type === NLMSG_ERROR);
      const code = answer === undefined ? '' : errnoName(answer.data);
      if (code !== '') throw rtnetlinkFault(code, request.action, request.fields);
    });
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#isClosed) throw new Fault('unavailable', 'the rtnetlink socket is closed');
      return work();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Name of the errno in an NLMSG_ERROR payload; empty for an acknowledgement. */
function errnoName(data: Buffer): string {
  const errno = data.readInt32LE(0);
  return errno === 0 ? '' : getSystemErrorName(errno);
}
