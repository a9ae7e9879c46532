import type { FlushQueue } from './flush-queue.ts';
import type { OutputPools } from './frame-writer.ts';
import type { Http2Limits } from './limits.ts';
import type { ProcessUse } from './process-use.ts';
import type { ChunkPools } from './send-queue.ts';
import type { WindowBudget } from './window-budget.ts';

/** What the connections of a process share. */
export interface ConnShared {
  readonly limits: Http2Limits;
  readonly output: OutputPools;
  readonly chunks: ChunkPools;
  readonly queue: FlushQueue;
  readonly budget: WindowBudget;
  readonly use: ProcessUse;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}
