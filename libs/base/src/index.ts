export { aborted, cancelled, orAborted, throwIfAborted } from './abort.ts';
export { type BackoffPolicy, backoffMs } from './backoff.ts';
export { type Clock, systemClock } from './clock.ts';
export { Fault, type FaultFields, type FaultKind, hasCode, isFault, messageOf } from './fault.ts';
export { type LogFields, type Logger, silentLogger } from './logger.ts';
export { Mailbox } from './mailbox.ts';
export { formatProblems, type Parsed, type Problem, parsed, problem } from './parsed.ts';
export { type Releasable, Scope } from './scope.ts';
export { Secret } from './secret.ts';
