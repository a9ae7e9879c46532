import type { Clock, LogFields, Logger } from '@minos/base';
import { jsonLog } from '@minos/daemon';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A log whose lines are also handed on as bytes: where nobody reads machined's output back, as in a simulation. */
export function alsoAsBytes(log: Logger, clock: Clock, take: (bytes: Buffer) => void): Logger {
  const writeBytes = (bytes: Buffer): number => {
    // The writer uses its buffer again.
    take(Buffer.from(bytes));
    return bytes.length;
  };
  return tee(log, jsonLog({ service: 'machined', pid: 1, level: 'info', writeBytes, now: () => clock.now() }).log);
}

function tee(first: Logger, second: Logger): Logger {
  const write =
    (level: Level) =>
    (fields: LogFields, message: string): void => {
      first[level](fields, message);
      second[level](fields, message);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => tee(first.child(fields), second.child(fields)),
  };
}
