import { choice, flag, list, type OptionValues, repeated, text } from '../cli/option.ts';

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS = {
  nodes: list(
    'node,…',
    'nodes to talk to, by address, name or selector: @all, @controlplane, @workers, label=value, version!=tag; all of several joined by ":" (default: the nodes of the context)',
    { short: 'n' },
  ),
  endpoints: list('host,…', 'where to connect; calls are passed on from there (default: those of the context)', { short: 'e' }),
  output: choice(['table', 'json', 'yaml'], 'form of the output', { short: 'o' }),
  minosconfig: text('file', 'client configuration (default: $MINOSCONFIG, ./.minos/config, ~/.minos/config)'),
  context: text('name', 'context of the client configuration (default: its current one)'),
  'cert-fingerprint': repeated(
    'fingerprint',
    'know the server by its public key, as in its log, instead of by the CA; repeatable',
  ),
  insecure: flag('talk to a machine without a configuration: neither side shows who it is'),
  trace: flag('show on standard error what each hop did when: you, the endpoint, the node, the service'),
  help: flag('show help', { short: 'h' }),
} as const;

/** Their values. */
export type GlobalValues = OptionValues<typeof GLOBAL_OPTIONS>;
