import { expect, test } from '@jest/globals';
import { BlockPool } from './block-pool.ts';
import { Head } from './head.ts';
import { SendQueue } from './send-queue.ts';

const pools = () => ({ small: new BlockPool(4096, 4), large: new BlockPool(16_384, 4) });

test('tiny pieces share buffers, and come out in order with the heads between them', () => {
  const queue = new SendQueue(pools());
  for (let n = 0; n < 1000; n++) queue.pushBytes(Buffer.from('1234567'), 0, 7);
  const trailers = new Head([]);
  queue.pushHead(trailers);
  expect(queue.bytes).toBe(7000);
  let items = 0;
  let text = '';
  let last: unknown;
  for (let item = queue.first; item !== undefined; item = queue.first) {
    items++;
    last = item;
    if (!(item instanceof Head)) text += item.bytes.toString('latin1', item.start, item.end);
    queue.shift();
  }
  expect(text).toBe('1234567'.repeat(1000));
  expect(items).toBeLessThan(5);
  expect(last).toBe(trailers);
  expect(queue.isEmpty).toBe(true);
});

test('what is cleared goes back to its pool', () => {
  const { small, large } = pools();
  const queue = new SendQueue({ small, large });
  queue.pushBytes(Buffer.alloc(100), 0, 100);
  const first = queue.first;
  queue.clear();
  expect(first !== undefined && !(first instanceof Head) && small.take() === first.bytes).toBe(true);
});
