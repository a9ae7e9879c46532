import type { LogFields, Logger } from '@minos/base';

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that a test can read. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
}

/** A logger that keeps every line; children write to the same list. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const make = (bound: LogFields): RecordingLogger => {
    const write =
      (level: LogLine['level']) =>
      (fields: LogFields, message: string): void => {
        lines.push({ level, message, fields: { ...bound, ...fields } });
      };
    return {
      lines,
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return make({});
}
