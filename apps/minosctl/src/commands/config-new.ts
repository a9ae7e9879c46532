import { resolve } from 'node:path';
import { GenerateClientConfigurationRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Fault, formatProblems } from '@minos/base';
import { type ClientConfig, emitClientConfig, parseClientConfig } from '@minos/config';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { durationMessage, durationMs } from '../cli/duration.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { endpointText } from '../node-call/parse-endpoint.ts';
import { planConnection } from '../node-call/plan-connection.ts';
import { onlyNode, withSession } from '../node-call/session.ts';
import { writeNewFile } from '../output/write-new-file.ts';

interface Options {
  readonly roles: readonly string[];
  readonly 'crt-ttl': string;
  readonly force: boolean;
}

const DEFAULT_FILE = 'talosconfig';
const DEFAULT_ROLE = 'os:admin';

/** Lets a control plane make a client configuration with other roles, and writes it to a file. */
export const configNew: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const { options, terminal, words } = call;
    const node = onlyNode(session, 'config new');
    const request = GenerateClientConfigurationRequest.fromPartial({
      roles: (options.roles.length > 0 ? [...options.roles] : [DEFAULT_ROLE]).sort(),
      crtTtl: durationMessage(durationMs(options['crt-ttl'], '--crt-ttl')),
    });
    const machine = client(session.channel, MachineServiceDefinition);
    const { answers, failures } = await session.ask((_node, to) => machine.GenerateClientConfiguration(request, to));
    const [message] = answers.flatMap(({ value }) => value.messages);
    if (message === undefined) return reportFailures(terminal, failures);
    const { endpoints } = await planConnection(call);
    const text = emitClientConfig(withEndpoints(read(message.talosconfig.toString('utf8'), node), endpoints.map(endpointText)));
    const file = words[0] ?? DEFAULT_FILE;
    await writeNewFile(resolve(terminal.cwd, file), text, { isReplaced: options.force });
    await terminal.out(`Created ${file}\n`);
    return 0;
  });

function read(text: string, node: string): ClientConfig {
  const config = parseClientConfig(text);
  if (config.ok) return config.value;
  throw new Fault('data-loss', `what ${node} made is no client configuration:\n${formatProblems(config.problems)}`);
}

/** The node knows no way to itself; whoever asked does. */
function withEndpoints(config: ClientConfig, endpoints: readonly string[]): ClientConfig {
  return { ...config, contexts: new Map([...config.contexts].map(([name, context]) => [name, { ...context, endpoints }])) };
}
