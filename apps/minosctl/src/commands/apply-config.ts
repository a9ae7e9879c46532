import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplyConfigurationRequest_Mode, type ApplyConfigurationResponse, MachineServiceDefinition } from '@minos/api/machine';
import { Fault, formatProblems, hasCode, isFault, messageOf } from '@minos/base';
import { type CallOptions, client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { confirmTrial, trialText } from '../confirm/confirm-trial.ts';
import { forEachNode } from '../node-call/for-each-node.ts';
import { type NodeFailure, reportFailures } from '../node-call/node-failure.ts';
import { planConnection } from '../node-call/plan-connection.ts';
import { type NodeSession, withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly file: string;
  readonly mode: keyof typeof MODE;
  readonly patch: readonly string[];
  readonly 'dry-run': boolean;
  readonly timeout: number;
  readonly 'confirm-timeout': number;
  readonly 'no-confirm': boolean;
}

type Call = CommandCall<Options>;

const MODE = {
  auto: ApplyConfigurationRequest_Mode.AUTO,
  'no-reboot': ApplyConfigurationRequest_Mode.NO_REBOOT,
  reboot: ApplyConfigurationRequest_Mode.REBOOT,
  staged: ApplyConfigurationRequest_Mode.STAGED,
  try: ApplyConfigurationRequest_Mode.TRY,
} as const;

/** Modes that put a configuration in force for good; mode try goes back by itself anyhow, and a staged one has no time of its own. */
const CONFIRMED_MODES: ReadonlySet<Options['mode']> = new Set(['auto', 'no-reboot', 'reboot']);
/** A node answers before it acts, but its answer may be lost with the way that it came by. */
const ANSWER_MS = 5000;
/** How we, and an apid on the way, begin when there was no connection for a call. */
const NEVER_SENT = /^(no connection|connection error): /;
const PARALLEL = 8;

/** Sends a machine configuration to the nodes, confirms it where it could have cut them off, and says what each did with it. */
export const applyConfig: RunCommand<Options> = async (call) => {
  const data = await configurationOf(call);
  return withSession(call, async (session) => {
    const isGuarded = hasConfirmation(call);
    const { answers, failures } = await send(call, { session, data, isGuarded });
    for (const { node, value } of answers) await show(call, node, value);
    if (!isGuarded) return reportFailures(call.terminal, failures);
    const silent = failures.filter((failure) => isSilence(failure.error)).map((failure) => failure.node);
    const confirmed = await confirmAll(call, { data, nodes: [...answers.map((answer) => answer.node), ...silent] });
    return reportFailures(call.terminal, [...failures.filter((failure) => !silent.includes(failure.node)), ...confirmed]);
  });
};

function hasConfirmation({ options, globals }: Call): boolean {
  return CONFIRMED_MODES.has(options.mode) && !options['dry-run'] && !options['no-confirm'] && !globals.insecure;
}

interface Sending {
  readonly session: NodeSession;
  readonly data: Buffer;
  readonly isGuarded: boolean;
}

function send({ options }: Call, { session, data, isGuarded }: Sending) {
  const machine = client(session.channel, MachineServiceDefinition);
  const request = {
    data,
    mode: MODE[options.mode],
    dryRun: options['dry-run'],
    tryModeTimeout: { seconds: BigInt(options.timeout), nanos: 0 },
  };
  const asked = { 'minos-confirm-timeout': `${options['confirm-timeout']}s`, 'minos-confirm-when': 'reach' };
  const guarded = (to: CallOptions): CallOptions => ({ ...to, metadata: { ...to.metadata, ...asked }, timeoutMs: ANSWER_MS });
  return session.ask((_node, to) => machine.ApplyConfiguration(request, isGuarded ? guarded(to) : to));
}

async function show({ terminal, globals }: Call, node: string, { messages }: ApplyConfigurationResponse): Promise<void> {
  const writer = globals.output === 'table' ? undefined : new DocumentWriter(terminal, globals.output);
  for (const message of messages) {
    for (const warning of message.warnings) terminal.complain(`warning from node ${node}: ${printable(warning)}`);
    if (writer !== undefined) await writer.write(nodeDocument(node, message));
    else await terminal.out(`${node}: ${printable(message.modeDetails || 'applied').trimEnd()}\n`);
  }
}

/** Whether the node may have done what it was asked, and only its answer is missing. */
function isSilence(error: unknown): boolean {
  return isFault(error, 'deadline') || (isFault(error, 'unavailable') && !NEVER_SENT.test(error.message));
}

async function confirmAll(
  call: Call,
  { data, nodes }: { readonly data: Buffer; readonly nodes: readonly string[] },
): Promise<readonly NodeFailure[]> {
  const { options, terminal } = call;
  const { endpoints, tls: known } = await planConnection(call);
  const { tls: byAuthority } = await planConnection({ ...call, globals: { ...call.globals, 'cert-fingerprint': [] } });
  const tls = call.globals['cert-fingerprint'].length === 0 ? [known] : [known, byAuthority];
  const { parseMachineConfig } = await import('@minos/config');
  const parsed = parseMachineConfig(data.toString());
  const links = parsed.ok ? parsed.value.network.links : [];
  const addresses = links.flatMap((link) => link.addresses.map(({ prefix }) => prefix.replace(/\/\d+$/, '')));
  const query = {
    addresses,
    endpoints,
    tls,
    data,
    timeoutMs: options['confirm-timeout'] * 1000,
    isRebooting: options.mode === 'reboot',
  };
  const { failures } = await forEachNode(nodes, PARALLEL, async (node) => {
    const text = trialText(await confirmTrial({ ...query, node }, terminal));
    if (text !== '') terminal.complain(`${node}: ${text}`);
  });
  return failures;
}

/** The file as it is, byte for byte; with patches, what they make of it. */
async function configurationOf({ options, terminal }: Call): Promise<Buffer> {
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
    if (hasCode(e, 'EISDIR')) throw new Fault('invalid', `${shown} is a directory; name the file with the configuration`);
    throw new Fault('missing', `cannot read ${shown}: ${messageOf(e)}`, {}, { cause: e });
  }
}
