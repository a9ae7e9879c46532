import { expect, test } from '@jest/globals';
import { ApplyConfigurationRequest, ApplyConfigurationRequest_Mode as Mode } from '@minos/api/machine';
import { isFault } from '@minos/base';
import { addressSpecType, diagnosticType } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { configDigest } from '../../node-config/config-record.ts';
import { ADMIN, CONFIG_FILE, type RunningNode, simulatedNode } from '../../node-config/testing/running-node.ts';

const WITHIN = { withinMs: 8000 };

interface Applied {
  readonly text: string;
  readonly mode?: Mode;
  readonly timeout?: string;
  readonly when?: string;
  readonly isDryRun?: boolean;
}

async function apply({ machine }: RunningNode, { text, mode = Mode.AUTO, timeout, when, isDryRun = false }: Applied) {
  const request = ApplyConfigurationRequest.fromPartial({ data: Buffer.from(text), mode, dryRun: isDryRun });
  const headers = {
    ...(timeout === undefined ? {} : { 'minos-confirm-timeout': timeout }),
    ...(when === undefined ? {} : { 'minos-confirm-when': when }),
  };
  const answer = await machine.ApplyConfiguration(request, { metadata: { ...ADMIN.metadata, ...headers } });
  const [message] = answer.messages;
  if (message === undefined) throw new Error('no answer');
  return message;
}

async function addresses(node: RunningNode): Promise<readonly string[]> {
  return [...(await node.list(addressSpecType)).keys()].filter((id) => !id.startsWith('lo/'));
}

/** As apid makes it: with the ages of the connections. */
function confirm({ config }: RunningNode, id: string, ...ages: string[]) {
  return config.Confirm({ id }, { metadata: { ...ADMIN.metadata, 'minos-connection-age': ages } });
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isFault(e) ? e.kind : 'no fault';
}

async function started() {
  const it = await simulatedNode();
  const node = await it.start();
  await node.untilReady();
  const old = await it.world.host.files.readText(CONFIG_FILE);
  return { it, node, old, next: old.replace('10.5.0.3/24', '10.5.0.33/24') };
}

test('a change of the network that nobody confirms is gone by itself; on STATE it never was', async () => {
  const { it, node, old, next } = await started();
  await using _ = it;
  const { modeDetails } = await apply(node, { text: next, timeout: '700ms', when: 'reach' });
  const pending = await node.config.Pending({}, ADMIN);
  expect(modeDetails).toContain(pending.id);
  expect([pending.digest, pending.keptDigest]).toEqual([configDigest(next), configDigest(old)]);
  await eventually(async () => expect(await addresses(node)).toEqual(['eth0/10.5.0.33/24']), WITHIN);
  expect([...(await node.list(diagnosticType)).keys()]).toContain('machine-configuration-trial');
  expect(await it.world.host.files.readText(CONFIG_FILE)).toBe(old);
  await eventually(async () => expect(await addresses(node)).toEqual(['eth0/10.5.0.3/24']), WITHIN);
  expect((await node.config.Pending({}, ADMIN)).id).toBe('');
  expect([...(await node.list(diagnosticType)).keys()]).not.toContain('machine-configuration-trial');
});

test('a confirmation counts only over connections that are newer than the change', async () => {
  const { it, node, next } = await started();
  await using _ = it;
  await apply(node, { text: next, timeout: '60s' });
  const { id } = await node.config.Pending({}, ADMIN);
  expect(await kindOf(confirm(node, id))).toBe('precondition');
  expect(await kindOf(confirm(node, id, '99999999'))).toBe('precondition');
  expect(await kindOf(confirm(node, id, '0', '99999999'))).toBe('precondition');
  expect(await kindOf(confirm(node, 'another', '0'))).toBe('precondition');
  expect(await it.world.host.files.readText(CONFIG_FILE)).not.toBe(next);
  await eventually(() => confirm(node, id, '0', '1'), WITHIN);
  expect(await it.world.host.files.readText(CONFIG_FILE)).toBe(next);
  expect((await node.config.Pending({}, ADMIN)).id).toBe('');
});

test('a trial goes on after machined was killed, and ends when its time is over', async () => {
  const { it, node, next } = await started();
  await using _ = it;
  await apply(node, { text: next, timeout: '2s' });
  await node.stop();
  const second = await it.start();
  await eventually(async () => expect(await addresses(second)).toEqual(['eth0/10.5.0.33/24']), WITHIN);
  await eventually(async () => expect(await addresses(second)).toEqual(['eth0/10.5.0.3/24']), WITHIN);
});

test('mode try goes back by itself, and can be ended at once', async () => {
  const { it, node, next } = await started();
  await using _ = it;
  await apply(node, { text: next, mode: Mode.TRY });
  await eventually(async () => expect(await addresses(node)).toEqual(['eth0/10.5.0.33/24']), WITHIN);
  const { id } = await node.config.Pending({}, ADMIN);
  expect(await kindOf(node.config.Revert({ id: 'another' }, ADMIN))).toBe('precondition');
  await node.config.Revert({ id }, ADMIN);
  expect(await addresses(node)).toEqual(['eth0/10.5.0.3/24']);
});

test('other clients get the plain semantics, with a warning where a node can be lost', async () => {
  const { it, node, old, next } = await started();
  await using _ = it;
  const harmless = await apply(node, { text: `# why\n${old}`, timeout: '60s', when: 'reach' });
  expect([harmless.modeDetails, harmless.warnings]).toEqual(['Applied configuration without a reboot', []]);
  const plain = await apply(node, { text: next });
  expect(plain.warnings.join()).toContain('network');
  expect(await it.world.host.files.readText(CONFIG_FILE)).toBe(next);
});

test('staged changes nothing yet, a dry run nothing at all, and a configuration for another type of machine is refused', async () => {
  const { it, node, old, next } = await started();
  await using _ = it;
  expect((await apply(node, { text: next, mode: Mode.STAGED })).mode).toBe(Mode.STAGED);
  expect(await addresses(node)).toEqual(['eth0/10.5.0.3/24']);
  expect((await apply(node, { text: next, isDryRun: true })).modeDetails).toContain('+    - address: 10.5.0.33/24');
  expect(await it.world.host.files.readText(CONFIG_FILE)).toBe(old);
  const refused = await apply(node, { text: old.replace('type: worker', 'type: controlplane') }).catch((e: unknown) => e);
  expect(isFault(refused)).toBe(true);
  expect(await kindOf(apply(node, { text: next, timeout: 'soon' }))).toBe('invalid');
});
