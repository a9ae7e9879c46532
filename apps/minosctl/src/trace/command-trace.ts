import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import type { Clock } from '@minos/base';
import { type CallObserver, channelReady, type RpcChannel } from '@minos/rpc';
import { type HopTimes, parseHopTimes } from './hop-times.ts';
import { type TracedCall, type TracedConnection, timelineText } from './timeline.ts';

/** Header by which apid is asked for the times of a call, and trailer in which it tells them. */
export const TRACE_HEADER = 'minos-trace';

const SOCKETS = 'net.client.socket';

/** Notes what happens when during one command, for one timeline at its end; until disposed it sees the sockets of the process. */
export class CommandTrace implements Disposable {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #calls: TracedCall[] = [];
  readonly #connection: TracedConnection;
  readonly #seen = (message: unknown): void => this.#socketMade(message);

  constructor(clock: Clock, endpoint: string) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#connection = { endpoint, startedMs: 0, tcpMs: undefined, readyMs: undefined };
    subscribe(SOCKETS, this.#seen);
  }

  [Symbol.dispose](): void {
    unsubscribe(SOCKETS, this.#seen);
  }

  /** Notes when the channel is ready, which it becomes with the first call. */
  watch(channel: RpcChannel): void {
    void channelReady(channel).then(() => {
      this.#connection.readyMs ??= this.#nowMs();
    });
  }

  /** A call to a node begins; gives who hears how it goes. */
  began(node: string, path: string): CallObserver {
    const method = path.slice(path.lastIndexOf('/') + 1);
    const sentMs = this.#nowMs();
    const call: TracedCall = { node, method, sentMs, firstMs: undefined, lastMs: undefined, error: undefined, hops: [] };
    this.#calls.push(call);
    return {
      answered: () => {
        call.firstMs = this.#nowMs();
      },
      ended: (trailers, error) => {
        call.lastMs = this.#nowMs();
        call.error = error;
        call.hops = trailers.all(TRACE_HEADER).flatMap((text): HopTimes[] => {
          const times = parseHopTimes(text);
          return times === undefined ? [] : [times];
        });
      },
    };
  }

  /** The timeline of all that was noted. */
  text(): string {
    return timelineText(this.#connection, this.#calls);
  }

  #nowMs(): number {
    return this.#clock.monotonicMs() - this.#startedMs;
  }

  #socketMade(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    if (!(socket instanceof Socket)) return;
    socket.once('connect', () => {
      this.#connection.tcpMs ??= this.#nowMs();
    });
  }
}
