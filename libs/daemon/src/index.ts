export { type DaemonContext, runPath } from './context.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { healthService, type ServingSource, ServingSwitch } from './health-service.ts';
export { type JsonLog, type JsonLogOptions, jsonLog, type LogLevel } from './json-log.ts';
export { type TrimDeps, trimming, trimWhenIdle } from './memory-trim.ts';
export type { Option, OptionTable, OptionValues, Variable, VariableTable, VariableValues } from './option-table.ts';
export type { Program } from './program.ts';
export { runDaemon } from './run-daemon.ts';
export { serveHealth } from './serve-health.ts';
