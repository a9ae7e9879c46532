import { parentPort, workerData } from 'node:worker_threads';
import { runFuzzLoop } from './fuzz-loop.ts';

// The thread of one target: `workerData` is what run-fuzz.ts sends, the report is the one message that comes back.
const { module, plan, shared } = workerData;
const current = new Int32Array(shared);
const { target } = await import(new URL(module).href);
const report = await runFuzzLoop(target, plan, (run) => {
  Atomics.store(current, 0, run);
  Atomics.add(current, 1, 1);
});
await target.close?.();
parentPort?.postMessage(report);
