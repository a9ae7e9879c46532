import { expect, test } from '@jest/globals';
import { ApplyConfigurationRequest, ApplyConfigurationRequest_Mode as Mode } from '@minos/api/machine';
import { diagnosticType, kernelParamSpecType, kernelParamStatusType } from '@minos/resource';
import { eventually } from '@minos/testkit';
import { ADMIN, CONFIG_FILE, type RunningNode, type SimulatedNode, simulatedNode } from '../node-config/testing/running-node.ts';

const WITHIN = { withinMs: 10_000 };
const KEEPALIVE = 'proc.sys.net.ipv4.tcp_keepalive_time';
const FILE = '/proc/sys/net/ipv4/tcp_keepalive_time';
const PROMOTE = 'proc.sys.net.ipv4.conf.all.promote_secondaries';
const CONTROLLER = 'controller-runtime-kernelparamspeccontroller';

const withParams = (fixture: string): string =>
  fixture.replace(
    'files:\n',
    `files:
    ${FILE}: { content: "7200\\n" }
    /proc/sys/net/ipv4/conf/all/promote_secondaries: { content: "0\\n" }
    /proc/sys/kernel/panic: { content: "0\\n" }
`,
  );

const apply = async (node: RunningNode, base: string, sysctls: string): Promise<void> => {
  const data = Buffer.from(base.replace('machine:\n', `machine:\n    sysctls: ${sysctls}\n`));
  await node.machine.ApplyConfiguration(ApplyConfigurationRequest.fromPartial({ data, mode: Mode.NO_REBOOT }), ADMIN);
};

const configOf = ({ world }: SimulatedNode): Promise<string> => world.host.files.readText(CONFIG_FILE);

test('a parameter of the configuration is set, shown with what it was, outlives machined, and is put back when it is removed', async () => {
  await using node = await simulatedNode(withParams);
  const { files } = node.world.host;
  const base = await configOf(node);
  const first = await node.start();
  await first.untilReady();
  await eventually(async () => expect((await first.list(kernelParamStatusType)).get(PROMOTE)?.current).toBe('1'), WITHIN);

  await apply(first, base, `{ net.ipv4.tcp_keepalive_time: "123" }`);
  await eventually(async () => {
    const status = { current: '123', default: '7200', unsupported: false };
    expect((await first.list(kernelParamStatusType)).get(KEEPALIVE)).toEqual(status);
  }, WITHIN);
  expect(await files.readText(FILE)).toBe('123\n');
  await first.stop();

  const second = await node.start();
  await second.untilReady();
  await eventually(async () => {
    const status = { current: '123', default: '7200', unsupported: false };
    expect((await second.list(kernelParamStatusType)).get(KEEPALIVE)).toEqual(status);
  }, WITHIN);
  await apply(second, base, '{}');
  await eventually(async () => expect(await files.readText(FILE)).toBe('7200\n'), WITHIN);
  await eventually(async () => expect((await second.list(kernelParamStatusType)).has(KEEPALIVE)).toBe(false), WITHIN);
  expect((await second.list(kernelParamSpecType)).size).toBe(0);
});

test('in a container the parameters of the host are left alone, and one that the kernel does not have is told', async () => {
  await using node = await simulatedNode(withParams);
  const base = await configOf(node);
  const running = await node.start();
  await running.untilReady();
  await apply(running, base, `{ kernel.panic: "10", net.ipv4.no_such_thing: "1" }`);
  await eventually(async () => {
    const diagnostics = await running.list(diagnosticType);
    expect(diagnostics.get('kernel-parameters')?.details).toEqual(['proc.sys.kernel.panic']);
    expect(diagnostics.get(CONTROLLER)?.details.join()).toContain(
      'proc.sys.net.ipv4.no_such_thing: this kernel has none of that name',
    );
  }, WITHIN);
  const statuses = await running.list(kernelParamStatusType);
  expect(statuses.get('proc.sys.kernel.panic')).toMatchObject({ current: '0', unsupported: true });
  expect(statuses.get('proc.sys.net.ipv4.no_such_thing')).toMatchObject({ current: '', unsupported: true });
  expect(await node.world.host.files.readText('/proc/sys/kernel/panic')).toBe('0\n');
  await apply(running, base, '{}');
  await eventually(async () => {
    const diagnostics = await running.list(diagnosticType);
    expect([diagnostics.has('kernel-parameters'), diagnostics.has(CONTROLLER)]).toEqual([false, false]);
  }, WITHIN);
});
