/** Fields of a log line; fixed names: service pid method peer node durationMs err. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log, as a port: the message is a constant, all else is a field. `error` wakes someone, `warn` may. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Logger;
}

/** A log that goes nowhere. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
