import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplyConfigurationRequest_Mode, type ApplyConfigurationResponse, MachineServiceDefinition } from '@minos/api/machine';
import { ConfigServiceDefinition } from '@minos/api/minos';
import { Fault, formatProblems, hasCode, isFault, messageOf } from '@minos/base';
import type { MachineRole } from '@minos/config';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { confirmTrial, trialText } from '../confirm/confirm-trial.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { planConnection } from '../node-call/plan-connection.ts';
import { type NodeSession, withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { printable } from '../output/table.ts';
import type { MachineKind } from '../select/member.ts';
import { guardedWrite } from '../write/guarded-write.ts';
import type { WriteOptions } from '../write/write-options.ts';

interface Options extends WriteOptions {
  readonly file: string;
  readonly mode: keyof typeof MODE;
  readonly patch: readonly string[];
  readonly 'dry-run': boolean;
  readonly timeout: number;
  readonly 'confirm-timeout': number;
  readonly 'no-confirm': boolean;
  readonly force: boolean;
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
const UNARY_TIMEOUT_MS = 60_000;
/** What an apid on the way says when there was no connection for a call. */
const NEVER_SENT = /^(no connection|connection error): /;

/** Sends a machine configuration to the nodes, confirms it where it could have cut them off, and says what each did with it. */
export const applyConfig: RunCommand<Options> = async (call) => {
  const data = await configurationOf(call);
  return withSession(call, async (session) => {
    const sending = { session, data, isGuarded: hasConfirmation(call) };
    if (call.options['dry-run']) {
      const { answers, failures } = await session.ask((node) => send(call, sending, node));
      for (const { node, value } of answers) await show(call, node, value);
      return reportFailures(call.terminal, failures, session.nodes.length);
    }
    const { parseMachineConfig } = await import('@minos/config');
    const parsed = parseMachineConfig(data.toString());
    return guardedWrite(call, session, {
      gets: `${call.options.file}, mode ${call.options.mode}`,
      downtime: call.options.mode === 'reboot' ? 'comes-back' : 'none',
      onlyFor: parsed.ok ? kindOf(parsed.value.machineType) : undefined,
      identity: createHash('sha256').update(data).digest('hex'),
      isForced: call.options.force,
      describe: ({ node }) => describeChange(call, sending, node),
      apply: (node) => applyTo(call, sending, node),
    });
  });
};

function kindOf(role: MachineRole): MachineKind {
  return role === 'worker' ? 'worker' : 'controlplane';
}

function hasConfirmation({ options, globals }: Call): boolean {
  return CONFIRMED_MODES.has(options.mode) && !options['dry-run'] && !options['no-confirm'] && !globals.insecure;
}

interface Sending {
  readonly session: NodeSession;
  readonly data: Buffer;
  readonly isGuarded: boolean;
}

/** What the configuration would change on one node, by its own plan. */
async function describeChange({ options }: Call, { session, data }: Sending, node: string) {
  const gets = `${options.file}, mode ${options.mode}`;
  const isReboot = options.mode === 'reboot';
  try {
    const config = client(session.channel, ConfigServiceDefinition);
    const plan = await config.Plan({ data }, { ...session.to(node), timeoutMs: ANSWER_MS });
    const [problem] = plan.problems;
    const what = plan.changes.length === 1 ? '1 change' : `${plan.changes.length} changes`;
    const needsReboot = isReboot || (plan.needsReboot && options.mode === 'auto');
    const result =
      problem === undefined ? `${what}, ${needsReboot ? 'with' : 'without'} a reboot` : `it would refuse that: ${problem}`;
    return { gets: `${gets}: ${result}`, downtime: needsReboot ? ('comes-back' as const) : ('none' as const) };
  } catch (e) {
    // A node that makes no plans, or does not answer, says what it thinks when the configuration comes.
    if (!isFault(e) || isFault(e, 'cancelled')) throw e;
    return { gets, downtime: isReboot ? ('comes-back' as const) : ('none' as const) };
  }
}

async function applyTo(call: Call, sending: Sending, node: string): Promise<string> {
  try {
    await show(call, node, await send(call, sending, node));
  } catch (e) {
    if (!sending.isGuarded || !isSilence(e)) throw e;
  }
  if (!sending.isGuarded) return '';
  const text = trialText(await confirmTrial(await trialQuery(call, { ...sending, node }), call.terminal));
  if (text !== '') call.terminal.complain(`${node}: ${text}`);
  return '';
}

function send({ options }: Call, { session, data, isGuarded }: Sending, node: string): Promise<ApplyConfigurationResponse> {
  const machine = client(session.channel, MachineServiceDefinition);
  const request = {
    data,
    mode: MODE[options.mode],
    dryRun: options['dry-run'],
    tryModeTimeout: { seconds: BigInt(options.timeout), nanos: 0 },
  };
  const asked = { 'minos-confirm-timeout': `${options['confirm-timeout']}s`, 'minos-confirm-when': 'reach' };
  const to = { ...session.to(node), timeoutMs: UNARY_TIMEOUT_MS };
  return machine.ApplyConfiguration(
    request,
    isGuarded ? { ...to, metadata: { ...to.metadata, ...asked }, timeoutMs: ANSWER_MS } : to,
  );
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

async function trialQuery(
  call: Call,
  { node, data }: { readonly node: string; readonly data: Buffer },
): Promise<Parameters<typeof confirmTrial>[0]> {
  const { options } = call;
  const { endpoints, tls: known } = await planConnection(call);
  const { tls: byAuthority } = await planConnection({ ...call, globals: { ...call.globals, 'cert-fingerprint': [] } });
  const { parseMachineConfig } = await import('@minos/config');
  const parsed = parseMachineConfig(data.toString());
  const links = parsed.ok ? parsed.value.network.links : [];
  return {
    node,
    addresses: links.flatMap((link) => link.addresses.map(({ prefix }) => prefix.replace(/\/\d+$/, ''))),
    endpoints,
    tls: call.globals['cert-fingerprint'].length === 0 ? [known] : [known, byAuthority],
    data,
    timeoutMs: options['confirm-timeout'] * 1000,
    isRebooting: options.mode === 'reboot',
  };
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
