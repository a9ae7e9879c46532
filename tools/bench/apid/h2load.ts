import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { Fault } from '@minos/base';

/** What to load, and how. */
export interface Load {
  readonly url: string;
  readonly requests: number;
  readonly connections: number;
  /** Streams at a time on each connection. */
  readonly streams: number;
  /** File with the body of each request. */
  readonly body: string;
  /** File for the time of each request; without one, times are not measured. */
  readonly log?: string;
}

/** What h2load saw. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly meanUs: number;
  readonly p99Us: number;
}

/** Time in seconds of h2load's `finished in 1.23s`, which has a unit of its own. */
export function parseSeconds(text: string): number {
  const [, value = '', unit = ''] = /finished in ([\d.]+)(us|ms|s|m)/.exec(text) ?? [];
  return Number(value) * ({ us: 1e-6, ms: 1e-3, s: 1, m: 60 }[unit] ?? Number.NaN);
}

/** Runs h2load; throws a Fault when a request failed. */
export async function h2load(load: Load): Promise<LoadResult> {
  // h2load appends to it.
  if (load.log !== undefined) await rm(load.log, { force: true });
  const windows = ['-w', '20', '-W', '22'];
  const counts = ['-n', String(load.requests), '-c', String(load.connections), '-m', String(load.streams)];
  const headers = ['-H', 'content-type: application/grpc', '-H', 'te: trailers'];
  const log = load.log === undefined ? [] : [`--log-file=${load.log}`];
  const args = [...counts, ...windows, ...headers, '-d', load.body, ...log, load.url];
  const text = await new Promise<string>((resolve, reject) => {
    execFile('h2load', args, { encoding: 'utf8', timeout: 120_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(
          new Fault('unavailable', `h2load failed; is the Debian package nghttp2-client there? ${stderr}`, {}, { cause: error }),
        );
    });
  });
  if (!text.includes(` ${load.requests} succeeded`)) throw new Fault('internal', `h2load: not every request went well: ${text}`);
  const seconds = parseSeconds(text);
  const times = load.log === undefined ? [] : await readTimes(load.log);
  return {
    seconds,
    requestsPerSecond: load.requests / seconds,
    meanUs: times.reduce((sum, us) => sum + us, 0) / times.length,
    p99Us: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
  };
}

async function readTimes(file: string): Promise<number[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => Number(line.split('\t')[2])).sort((a, b) => a - b);
}
