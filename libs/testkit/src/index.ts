export { type DeadTempDir, hasEnded, sweepDeadRuns } from './dead-runs.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { type NetNamespace, netNamespace, whyNoNetNamespace } from './net-namespace.ts';
export { type LogLine, type RecordingLogger, recordingLogger } from './recording-logger.ts';
export { type TempDir, tempDir } from './temp-dir.ts';
export { VirtualClock } from './virtual-clock.ts';
