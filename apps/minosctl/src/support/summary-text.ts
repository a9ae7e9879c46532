import { isFault, messageOf } from '@minos/base';
import { bytesText } from '../output/quantity.ts';
import type { CollectFailure, NodeReport } from './collect-node.ts';

/** What stands in front of a bundle for people: what it has of each node, what failed and why; pure. */
export function summaryText(made: { readonly at: string; readonly by: string }, reports: readonly NodeReport[]): string {
  const failed = reports.filter(({ failures }) => failures.length > 0).length;
  return [
    `support bundle, made ${made.at} by minosctl ${made.by}`,
    `${reports.length} nodes${failed === 0 ? ', all collected' : `, ${failed} of them with failures`}`,
    'secrets are left out: resources of sensitive types show only that they are there, the machine configuration is redacted',
    '',
    ...reports.flatMap(nodeLines),
    '',
  ].join('\n');
}

/** Everything that failed, one line each; pure. */
export function failureText(reports: readonly NodeReport[]): string {
  return reports.flatMap(({ node, failures }) => failures.map((failure) => `${line(node, failure)}\n`)).join('');
}

function nodeLines({ node, files, bytes, absent, failures }: NodeReport): readonly string[] {
  return [
    `${node}: ${files} files, ${bytesText(bytes)}${failures.length === 0 ? '' : `, ${failures.length} failed`}`,
    ...failures.map((failure) => `  failed: ${line('', failure)}`),
    ...absent.map((one) => `  not there: ${line('', one)}`),
  ];
}

function line(node: string, { name, error }: CollectFailure): string {
  const what = [node, name === '' ? 'nothing collected' : name].filter((part) => part !== '').join(': ');
  return `${what}: ${messageOf(error).replaceAll(/\s+/g, ' ')} (${isFault(error) ? error.kind : 'unknown'})`;
}
