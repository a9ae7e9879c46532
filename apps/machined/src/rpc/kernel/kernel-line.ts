import type { KernelLogRecord } from '@minos/host';

/** Names of syslog(3). */
const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'];
const FIRST_LOCAL = 16;
const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const SEVERITY_WIDTH = 7;

/** A record as clients print it: `facility: severity: [time]: message` and a newline; the time in UTC (RFC 3339). Pure. */
export function kernelLine(record: KernelLogRecord, bootTimeMs: number): string {
  const { facility, severity } = record;
  const facilityName =
    FACILITIES[facility] ??
    (facility >= FIRST_LOCAL && facility < FIRST_LOCAL + 8 ? `local${facility - FIRST_LOCAL}` : String(facility));
  const severityName = (SEVERITIES[severity] ?? String(severity)).padStart(SEVERITY_WIDTH);
  return `${facilityName}: ${severityName}: [${rfc3339(bootTimeMs, record.sinceBootUs)}]: ${record.message.trimEnd()}\n`;
}

function rfc3339(bootTimeMs: number, sinceBootUs: bigint): string {
  const us = BigInt(Math.round(bootTimeMs)) * 1000n + sinceBootUs;
  const seconds = new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(us % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}
