// node log-writer.ts <fifo> <MB each second> <seconds>: writes numbered lines of 100 bytes into the FIFO of a service, in step with the
// clock, as a service that logs so much would; prints how much of it the reader took, and how long the writer was held up.
import { closeSync, constants, openSync, writeSync } from 'node:fs';

const [fifo = '', rate, seconds] = process.argv.slice(2);
const LINE = 100;
const PIECE_LINES = 640;
const perMs = (Number(rate) * 1e6) / 1000;
const wanted = Number(rate) * 1e6 * Number(seconds);
const fd = openSync(fifo, constants.O_WRONLY);
const piece = Buffer.alloc(LINE * PIECE_LINES, `${'x'.repeat(LINE - 1)}\n`);
const started = performance.now();
let written = 0;
let heldMs = 0;
while (written < wanted) {
  const elapsed = performance.now() - started;
  if (elapsed > Number(seconds) * 1000 * 3) break;
  if (written > elapsed * perMs) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    continue;
  }
  for (let i = 0; i < PIECE_LINES; i++) piece.write(String(written / LINE + i).padStart(12, '0'), i * LINE, 'latin1');
  const before = performance.now();
  for (let from = 0; from < piece.length; ) from += writeSync(fd, piece, from);
  heldMs += performance.now() - before;
  written += piece.length;
}
closeSync(fd);
const tookMs = performance.now() - started;
console.log(JSON.stringify({ mbPerSecond: written / 1000 / tookMs, heldMs, tookMs }));
