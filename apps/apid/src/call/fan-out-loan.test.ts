import { expect, test } from '@jest/globals';
import { type Borrower, FanOutLoan } from './fan-out-loan.ts';

const MIB = 1024 * 1024;

/** A node that sends one message of a size in pieces, and does not go on unless it is lent what it received. */
class Sender implements Borrower {
  lent = 0;
  isDone = false;
  readonly #loan: FanOutLoan;
  readonly #bytes: number;
  readonly #isHung: boolean;

  constructor(loan: FanOutLoan, bytes: number, isHung = false) {
    this.#loan = loan;
    this.#bytes = bytes;
    this.#isHung = isHung;
  }

  retry(): void {
    while (!this.isDone && !(this.#isHung && this.lent > 0)) {
      if (this.lent >= this.#bytes) {
        this.isDone = true;
        this.#loan.complete(this, this.lent);
        return;
      }
      if (!this.#loan.take(this, MIB / 2)) return;
      this.lent += MIB / 2;
    }
  }
}

/** Reads whole messages, one after the other, until there are none; gives the most that was lent. */
function readAll(loan: FanOutLoan, senders: readonly Sender[]): number {
  let most = 0;
  const read = new Set<Sender>();
  for (const sender of senders) {
    sender.retry();
    most = Math.max(most, loan.lentBytes);
  }
  for (;;) {
    const next = senders.find((sender) => sender.isDone && !read.has(sender));
    if (next === undefined) return most;
    read.add(next);
    loan.giveBack(next.lent);
    most = Math.max(most, loan.lentBytes);
  }
}

test('messages of any size and number end, and what is lent for them is bounded', () => {
  for (const size of [1, 4, 32]) {
    const loan = new FanOutLoan();
    const senders = Array.from({ length: 200 }, () => new Sender(loan, size * MIB));
    const most = readAll(loan, senders);
    expect(senders.every((sender) => sender.isDone)).toBe(true);
    expect(most).toBeLessThanOrEqual((8 + 8 + 5 * size) * MIB);
    expect(loan.lentBytes).toBe(0);
  }
});

test('nodes that stop in the middle of a message do not stop the others', () => {
  const loan = new FanOutLoan();
  const hung = Array.from({ length: 3 }, () => new Sender(loan, 4 * MIB, true));
  const others = Array.from({ length: 100 }, () => new Sender(loan, 4 * MIB));
  readAll(loan, [...hung, ...others]);
  expect(others.every((sender) => sender.isDone)).toBe(true);
});

test('while the client does not read, what is lent stays bounded', () => {
  const loan = new FanOutLoan();
  const senders = Array.from({ length: 500 }, () => new Sender(loan, MIB));
  for (const sender of senders) sender.retry();
  expect(loan.lentBytes).toBeLessThanOrEqual(16 * MIB);
});
