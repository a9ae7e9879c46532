import { expect, test } from '@jest/globals';
import { GenerateClientConfigurationRequest } from '@minos/api/machine';
import { isFault, systemClock } from '@minos/base';
import { generateConfigs, generateSecrets, type MachineConfig, parseClientConfig, parseMachineConfig } from '@minos/config';
import { clientIdentity, isIssuedBy, parseCertificate } from '@minos/pki';
import { noCall } from '../testing/no-call.ts';
import { clientConfigHandlers } from './client-config-handlers.ts';

const nowMs = Date.now();
const texts = generateConfigs({
  clusterName: 'lab',
  endpoint: 'https://10.5.0.2:6443',
  secrets: await generateSecrets(nowMs),
  nowMs,
});

function read(text: string): MachineConfig {
  const config = parseMachineConfig(text);
  if (!config.ok) throw new Error('the configuration of this test is wrong');
  return config.value;
}

const controlPlane = read(texts.controlplane);

async function ask(
  current: MachineConfig | undefined,
  request: Parameters<typeof GenerateClientConfigurationRequest.fromPartial>[0],
) {
  const handlers = clientConfigHandlers({ clock: systemClock, config: { current } });
  return (await handlers.GenerateClientConfiguration(GenerateClientConfigurationRequest.fromPartial(request), noCall())).messages;
}

const HOUR = { crtTtl: { seconds: 3600n, nanos: 0 } };

test('a control plane makes a client certificate with the roles, for the time, and no endpoints', async () => {
  const messages = await ask(controlPlane, { roles: ['os:reader', 'os:etcd:backup', 'os:reader'], ...HOUR });
  expect(messages).toHaveLength(1);
  const [message] = messages;
  const crt = message?.crt.toString() ?? '';
  const { subject, notBeforeMs, notAfterMs, extendedKeyUsages } = parseCertificate(crt);
  expect(subject).toEqual({ commonName: '', organizations: ['os:etcd:backup', 'os:reader'] });
  expect([notAfterMs - notBeforeMs, extendedKeyUsages]).toEqual([3_600_000, ['clientAuth']]);
  expect(isIssuedBy(crt, controlPlane.ca?.certPem ?? '', Date.now())).toBe(true);
  const config = parseClientConfig(message?.talosconfig.toString() ?? '');
  const context = config.ok ? config.value.contexts.get('lab') : undefined;
  expect(config.ok && config.value.context).toBe('lab');
  expect(context).toMatchObject({ endpoints: [], certPem: crt, keyPem: message?.key.toString() });
  expect(context?.caPem).toContain(controlPlane.ca?.certPem.trim());
});

test('one role names the context', async () => {
  const [message] = await ask(controlPlane, { roles: ['os:reader'], ...HOUR });
  const config = parseClientConfig(message?.talosconfig.toString() ?? '');
  expect(config.ok && config.value.context).toBe('reader@lab');
  expect(clientIdentity(Buffer.from(message?.crt.toString().replace(/-----[^-]+-----|\s/g, '') ?? '', 'base64')).roles).toEqual([
    'os:reader',
  ]);
});

test('a worker, a machine without a configuration, and a certificate that never lived are refused', async () => {
  const kindOf = async (call: Promise<unknown>) => {
    const e = await call.catch((caught: unknown) => caught);
    return isFault(e) ? e.kind : 'no fault';
  };
  expect(await kindOf(ask(read(texts.worker), { roles: ['os:reader'], ...HOUR }))).toBe('unimplemented');
  expect(await kindOf(ask(undefined, HOUR))).toBe('unimplemented');
  expect(await kindOf(ask(controlPlane, { roles: ['os:reader'] }))).toBe('invalid');
  expect(await kindOf(ask(controlPlane, { crtTtl: { seconds: -1n, nanos: 0 } }))).toBe('invalid');
});
