import assert from 'node:assert/strict';
import { systemClock } from '@minos/base';
import type { KernelLog, KernelLogRecord } from '../port/kernel-log.ts';
import { all, type ConformanceCase, first, neverAborted } from './conformance-case.ts';

let written = 0;

/** A line that nobody else writes. */
function line(): string {
  written += 1;
  return `minos-conformance ${process.pid} ${written}`;
}

async function find(log: KernelLog, message: string): Promise<KernelLogRecord | undefined> {
  return (await all(log.records({ follow: false, tail: false }, neverAborted()))).find((record) => record.message === message);
}

async function* matching(records: AsyncIterable<KernelLogRecord>, message: string): AsyncGenerator<KernelLogRecord> {
  for await (const record of records) if (record.message === message) yield record;
}

/** What every implementation of KernelLog keeps to. */
export const kernelLogConformance: readonly ConformanceCase<KernelLog>[] = [
  {
    name: 'a line that was written is in the log, with its severity, as one record',
    run: async (log) => {
      const message = line();
      await log.write(4, `${message}\nmore`);
      const record = await find(log, `${message} more`);
      assert.equal(record?.severity, 4);
      assert.notEqual(record?.facility, 0);
    },
  },
  {
    name: 'sequence numbers and times go up',
    run: async (log) => {
      const messages = [line(), line()];
      for (const message of messages) await log.write(6, message);
      const [a, b] = await Promise.all(messages.map((message) => find(log, message)));
      assert.ok(a && b && a.sequence < b.sequence && a.sinceBootUs <= b.sinceBootUs);
    },
  },
  {
    name: 'without following, a log ends at its newest record, and its tail is empty',
    run: async (log) => {
      await log.write(6, line());
      assert.ok((await all(log.records({ follow: false, tail: false }, neverAborted()))).length > 0);
      const tail = await all(log.records({ follow: false, tail: true }, neverAborted()));
      assert.ok(tail.length < 5, 'a tail holds only what came while it was opened');
    },
  },
  {
    name: 'a reader that follows gets what is written later, and ends when aborted',
    run: async (log) => {
      const stop = new AbortController();
      const message = line();
      const following = first(matching(log.records({ follow: true, tail: true }, stop.signal), message));
      following.finally(() => stop.abort()).catch(() => undefined);
      while (!stop.signal.aborted) {
        await log.write(6, message);
        await systemClock.sleep(20, neverAborted());
      }
      assert.equal((await following).message, message);
      await assert.rejects(first(log.records({ follow: true, tail: true }, stop.signal)));
    },
  },
];
