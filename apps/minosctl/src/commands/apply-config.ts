import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplyConfigurationRequest_Mode, MachineServiceDefinition } from '@minos/api/machine';
import { Fault, formatProblems, messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly file: string;
  readonly mode: keyof typeof MODE;
  readonly patch: readonly string[];
  readonly 'dry-run': boolean;
  readonly timeout: number;
}

const MODE = {
  auto: ApplyConfigurationRequest_Mode.AUTO,
  'no-reboot': ApplyConfigurationRequest_Mode.NO_REBOOT,
  reboot: ApplyConfigurationRequest_Mode.REBOOT,
  staged: ApplyConfigurationRequest_Mode.STAGED,
  try: ApplyConfigurationRequest_Mode.TRY,
} as const;

/** Sends a machine configuration to the nodes and says what each did with it. */
export const applyConfig: RunCommand<Options> = async (call) => {
  const data = await configurationOf(call);
  return withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const { options, terminal, globals } = call;
    const request = {
      data,
      mode: MODE[options.mode],
      dryRun: options['dry-run'],
      tryModeTimeout: { seconds: BigInt(options.timeout), nanos: 0 },
    };
    const { answers, failures } = await session.ask((_node, callOptions) => machine.ApplyConfiguration(request, callOptions));
    const writer = globals.output === 'table' ? undefined : new DocumentWriter(terminal, globals.output);
    for (const { node, value } of answers) {
      for (const message of value.messages) {
        for (const warning of message.warnings) terminal.complain(`warning from node ${node}: ${printable(warning)}`);
        if (writer !== undefined) await writer.write(nodeDocument(node, message));
        else await terminal.out(`${node}: ${printable(message.modeDetails || 'applied').trimEnd()}\n`);
      }
    }
    return reportFailures(terminal, failures);
  });
};

/** The file as it is, byte for byte; with patches, what they make of it. */
async function configurationOf({ options, terminal }: CommandCall<Options>): Promise<Buffer> {
  const bytes = await read(resolve(terminal.cwd, options.file), options.file);
  if (bytes.length === 0) throw new Fault('invalid', `${options.file} is empty; minosctl gen config makes configurations`);
  if (options.patch.length === 0) return bytes;
  const { patchConfig } = await import('@minos/config');
  const patches = await Promise.all(options.patch.map((patch) => readPatch(patch, terminal.cwd)));
  const patched = patchConfig(bytes.toString(), patches);
  if (!patched.ok) throw new Fault('invalid', `the patch does not fit ${options.file}:\n${formatProblems(patched.problems)}`);
  return Buffer.from(patched.value);
}

async function read(path: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (e) {
    throw new Fault('missing', `cannot read ${shown}: ${messageOf(e)}`, {}, { cause: e });
  }
}
