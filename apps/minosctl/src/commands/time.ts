import { Empty } from '@minos/api/google';
import { type Time, TimeServiceDefinition } from '@minos/api/time';
import type { RunCommand } from '../cli/command.ts';
import { serviceTable } from '../node-call/unary-table.ts';
import { timestampMs } from '../output/plain-value.ts';

interface Options {
  readonly check: string | undefined;
}

/** Compares the clocks of the nodes with a time server. */
export const time: RunCommand<Options> = serviceTable<typeof TimeServiceDefinition, Options, Time>(TimeServiceDefinition, {
  ask: (service, options, { options: { check } }) =>
    check === undefined ? service.Time(Empty.create(), options) : service.TimeCheck({ server: check }, options),
  heading: ['NTP-SERVER', 'NODE-TIME', 'NTP-SERVER-TIME', 'NODE IS AHEAD BY'],
  rows: ({ server, localtime, remotetime }) => {
    const [local, remote] = [localtime, remotetime].map((moment) => (moment === undefined ? Number.NaN : timestampMs(moment)));
    return [[server, momentText(local), momentText(remote), aheadText((local ?? Number.NaN) - (remote ?? Number.NaN))]];
  },
});

function momentText(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

function aheadText(ms: number): string {
  return Number.isNaN(ms) ? '' : `${ms.toFixed(0)} ms`;
}
