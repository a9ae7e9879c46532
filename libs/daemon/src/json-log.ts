import { isFault, type LogFields, type Logger, messageOf } from '@minos/base';
import { type Logger as PinoLogger, pino } from 'pino';
import { CountingSink, type LogSink } from './log-sink.ts';

/** How much is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A log of JSON lines and the sink that it writes to. */
export interface JsonLog {
  readonly log: Logger;
  readonly sink: LogSink;
}

/** What every line of a log shares. */
export interface JsonLogOptions {
  readonly service: string;
  readonly pid: number;
  readonly level: LogLevel;
  /** Takes bytes without blocking and says how many; throws when none fit. */
  readonly writeBytes: (bytes: Buffer) => number;
  readonly now: () => number;
}

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|(?="))/gs;

/** A structured log: one JSON object a line; text levels, ISO times, errors with their causes, no secrets; never blocks or throws. */
export function jsonLog(options: JsonLogOptions): JsonLog {
  const base = { service: options.service, pid: options.pid };
  const time = (): string => new Date(options.now()).toISOString();
  const lossLine = (lost: number): string =>
    `${JSON.stringify({ level: 'warn', time: time(), ...base, lost, msg: 'log lines lost' })}\n`;
  const sink = new CountingSink(options.writeBytes, lossLine);
  const write = (line: string): void => sink.write(withoutKeys(line));
  const logger = pino(
    {
      base: null,
      level: options.level,
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: errorFields },
    },
    { write },
  );
  return { log: asLogger(logger, base), sink };
}

/** Bound fields stand first; those of the line win. pino itself would write both, and a key twice is no good JSON. */
function asLogger(logger: PinoLogger, bound: LogFields): Logger {
  const write = (level: LogLevel) => (fields: LogFields, message: string) =>
    safely(() => logger[level](unreserved({ ...bound, ...fields }), message));
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => asLogger(logger, { ...bound, ...fields }),
  };
}

const RESERVED = ['level', 'time', 'msg'];

/** A field with the name of one that every line has gets an underscore. */
function unreserved(fields: LogFields): LogFields {
  if (!RESERVED.some((name) => name in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [RESERVED.includes(name) ? `${name}_` : name, value]));
}

/** A field whose getter or toJSON throws must not take the daemon down. */
function safely(write: () => void): void {
  try {
    write();
  } catch {
    // The line is dropped: there is nowhere better to say it.
  }
}

/** Last guard of the invariant that no private key is ever in a log line. */
function withoutKeys(line: string): string {
  return line.includes('PRIVATE KEY-----') ? line.replace(PRIVATE_KEY, '[redacted]') : line;
}

/** The fields of a caught value: kind and fields of a Fault, errno code, stack, and the chain of causes. */
export function errorFields(e: unknown, depth = 0): LogFields {
  if (typeof e !== 'object' || e === null) return { message: String(e) };
  return {
    ...('name' in e && typeof e.name === 'string' ? { type: e.name } : {}),
    message: messageOf(e),
    ...('code' in e ? { code: e.code } : {}),
    ...(isFault(e) ? { kind: e.kind, ...(Object.keys(e.fields).length > 0 ? { fields: e.fields } : {}) } : {}),
    ...('stack' in e && typeof e.stack === 'string' && depth === 0 ? { stack: e.stack } : {}),
    ...('cause' in e && e.cause !== undefined && depth < 4 ? { cause: errorFields(e.cause, depth + 1) } : {}),
  };
}
