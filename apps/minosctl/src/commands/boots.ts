import { type BootInfo, type BootRecord, DiagnosisServiceDefinition } from '@minos/api/minos';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { timestampMs, timestampText } from '../output/plain-value.ts';
import { agoText } from '../output/quantity.ts';
import { type Row, tableText } from '../output/table.ts';

interface Options {
  readonly verbose: boolean;
}

type What = NonNullable<BootRecord['what']>;

const HEADING: Row = ['NODE', 'BOOT', 'STARTED', 'LASTED', 'RAN', 'CONFIGURATION', 'EXITS', 'CHANGES', 'ENDED BY'];
const DIGEST_SHOWN = 12;
const EXIT = /^Process \d+ /;

/** Shows the last boots of the nodes: one row for each, or with `--verbose` one for each thing that happened. */
export const boots: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const { terminal, globals, options: chosen } = call;
    const diagnosis = client(session.channel, DiagnosisServiceDefinition);
    const { answers, failures } = await session.ask((_node, options) => diagnosis.Boots({}, options));
    if (globals.output === 'table') {
      const rowsOf = chosen.verbose ? recordRows : (boot: BootInfo): Row[] => [bootRow(boot)];
      const rows = answers.flatMap(({ node, value }) => value.boots.flatMap(rowsOf).map((row) => [node, ...row]));
      if (answers.length > 0) await terminal.out(tableText(chosen.verbose ? ['NODE', 'BOOT', 'TIME', 'WHAT'] : HEADING, rows));
    } else {
      const writer = new DocumentWriter(terminal, globals.output);
      for (const { node, value } of answers) await writer.write(nodeDocument(node, value));
    }
    return reportFailures(terminal, failures, session.nodes.length);
  });

/** One boot in short; pure. */
export function bootRow({ boot, records }: BootInfo): Row {
  const all = records.flatMap(({ what }) => (what === undefined ? [] : [what]));
  const first = records[0]?.at;
  const last = records.at(-1)?.at;
  const lasted = first === undefined || last === undefined ? '' : agoText(timestampMs(last) - timestampMs(first));
  const begin = all.find(({ $case }) => $case === 'begin');
  const digests = all.flatMap((what) => (what.$case === 'configDigest' ? [what.value.slice(0, DIGEST_SHOWN)] : []));
  const exits = all.filter((what) => what.$case === 'service' && EXIT.test(what.value.message)).length;
  const calls = all.filter(({ $case }) => $case === 'call').length;
  const end = all.findLast(({ $case }) => $case === 'end');
  const ended = end?.$case === 'end' ? end.value : 'nothing told: the power, or a crash';
  return [
    String(boot),
    first === undefined ? '' : timestampText(first),
    lasted,
    begin?.$case === 'begin' ? begin.value.tag : '',
    digests.at(-1) ?? '',
    String(exits),
    String(calls),
    boot === 0 ? '' : ended,
  ];
}

/** Everything that is recorded of a boot; pure. */
export function recordRows({ boot, records }: BootInfo): Row[] {
  return records.flatMap(({ at, what }) => {
    const time = at === undefined ? '' : new Date(timestampMs(at)).toISOString();
    return what === undefined ? [] : [[String(boot), time, recordText(what)]];
  });
}

function recordText(what: What): string {
  switch (what.$case) {
    case 'begin':
      return `the boot began, with ${what.value.tag}`;
    case 'resumed':
      return 'machined was started again';
    case 'configDigest':
      return `configuration ${what.value.slice(0, DIGEST_SHOWN)} came into force`;
    case 'step': {
      const { sequence, phase, duration, error } = what.value;
      const ms = duration === undefined ? 0 : Number(duration.seconds) * 1000 + Math.round(duration.nanos / 1e6);
      const name = phase === '' ? `sequence ${sequence}` : `phase ${phase} of ${sequence}`;
      return `${name} ${error === '' ? `took ${ms} ms` : `failed: ${error}`}`;
    }
    case 'service':
      return `service ${what.value.service} ${what.value.state}: ${what.value.message}`;
    case 'call': {
      const { method, roles, peer } = what.value;
      return `${method} by ${roles.join(', ')}${peer === '' ? '' : ` through ${peer}`}`;
    }
    case 'end':
      return `the boot ended: ${what.value}`;
    case 'log':
      return `log of ${what.value.service}`;
  }
}
