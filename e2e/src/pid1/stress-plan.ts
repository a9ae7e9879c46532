import { constants } from 'node:os';

/** One process that the stress test starts under supervision, and how it must end. */
export interface PlannedStart {
  readonly id: string;
  readonly args: readonly string[];
  /** `exit 7`, `signal SIGTERM`: as the ledger says it. */
  readonly end: string;
}

/** Orphans in all, made by these many processes. */
export const ORPHAN_MAKERS = 5;
export const ORPHANS = 5000;

const DEADLY = [
  'SIGTERM',
  'SIGKILL',
  'SIGHUP',
  'SIGINT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGSEGV',
  'SIGABRT',
  'SIGQUIT',
] as const;

/** 5 makers of 1,000 orphans each, 450 processes that exit with every code, 50 that die of signals. */
export function plannedStarts(): readonly PlannedStart[] {
  const makers = Array.from({ length: ORPHAN_MAKERS }, (_, i) => ({
    id: `maker-${i}`,
    args: ['orphans', String(ORPHANS / ORPHAN_MAKERS)],
    end: 'exit 0',
  }));
  const exits = Array.from({ length: 450 }, (_, i) => ({
    id: `exit-${i}`,
    args: ['exit', String(i % 256)],
    end: `exit ${i % 256}`,
  }));
  const signals = Array.from({ length: 50 }, (_, i) => {
    const name = DEADLY[i % DEADLY.length] ?? 'SIGKILL';
    return { id: `signal-${i}`, args: ['signal', String(constants.signals[name])], end: `signal ${name}` };
  });
  return [...makers, ...exits, ...signals];
}
