/** The sum of each counter over all messages of one kind, under the name `total`. Pure. */
export function sumCounters<T extends { name: string }>(all: readonly T[], zero: T): T {
  const sum: Record<string, unknown> = { ...zero };
  for (const one of all) {
    for (const [key, value] of Object.entries(one)) {
      const before = sum[key];
      if (typeof value === 'bigint' && typeof before === 'bigint') sum[key] = before + value;
    }
  }
  return { ...zero, ...sum, name: 'total' };
}
