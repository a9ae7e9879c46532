import { Fault } from '@minos/base';

/** Bytes that an image may have: its root, and all that a machine boots from. */
export const BUDGET = { root: 78_000_000, whole: 95_000_000 } as const;

/** What takes how much of an image. */
export interface ImageSizes {
  readonly root: number;
  /** Kernel, initramfs and root together, when all are there. */
  readonly whole?: number;
  /** What each file takes in the packed root, by path. */
  readonly files: ReadonlyMap<string, number>;
}

/** A size as people read it, with a fixed width. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2).padStart(7)} MB`;
}

/** Throws a Fault with the ten largest files when an image is over its budget. */
export function checkBudget(sizes: ImageSizes): void {
  const over = [
    ...(sizes.root > BUDGET.root
      ? [`the root has ${megabytes(sizes.root).trim()}, and may have ${megabytes(BUDGET.root).trim()}`]
      : []),
    ...(sizes.whole !== undefined && sizes.whole > BUDGET.whole
      ? [`kernel, initramfs and root have ${megabytes(sizes.whole).trim()}, and may have ${megabytes(BUDGET.whole).trim()}`]
      : []),
  ];
  if (over.length === 0) return;
  const largest = [...sizes.files].sort(([, a], [, b]) => b - a).slice(0, 10);
  const rows = largest.map(([path, bytes]) => `  ${megabytes(bytes)}  ${path}`);
  throw new Fault('exhausted', `the image is over its budget: ${over.join('; ')}. The ten largest:\n${rows.join('\n')}`);
}
