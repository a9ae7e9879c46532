import type { Exit } from '@minos/host';
import type { ServiceEvent } from './service-table.ts';

/** A program that says that its configuration is wrong ends with this code; starting it again would not help. */
const WRONG_CONFIGURATION = 100;

/** What the end of a process means for its service. */
export function eventOfExit(exit: Exit): ServiceEvent {
  return exit.kind === 'exited' && exit.code === WRONG_CONFIGURATION ? 'gaveUp' : 'exited';
}

/** How a process ended, as a part of a sentence. */
export function describeExit(exit: Exit): string {
  if (exit.kind === 'exited') return `exited with code ${exit.code}`;
  return `was ended by ${exit.signal}${exit.coreDumped ? ' (core dumped)' : ''}`;
}
