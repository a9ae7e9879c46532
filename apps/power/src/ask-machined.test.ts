import { expect, test } from '@jest/globals';
import { MachineServiceDefinition, RebootRequest_Mode, RebootResponse, ShutdownResponse } from '@minos/api/machine';
import { Fault, Scope, silentLogger, systemClock } from '@minos/base';
import { bindService, serve } from '@minos/rpc';
import { type TempDir, tempDir } from '@minos/testkit';
import { askMachined } from './ask-machined.ts';

const PATIENT = { clock: systemClock, withinMs: 10_000 };
const NEVER = new AbortController().signal;
const REBOOT = { action: 'reboot', mode: 'default' } as const;

/** A server where machined's would be, which tells what it was asked. */
async function machinedAt(dir: TempDir, asked: unknown[], scope: Scope): Promise<void> {
  const service = bindService(MachineServiceDefinition, {
    Reboot: async ({ mode }, { metadata }) => {
      if (mode === RebootRequest_Mode.FORCE) throw new Fault('denied', 'not now');
      asked.push(['reboot', mode, metadata.first('talos-role')]);
      return RebootResponse.fromPartial({ messages: [{ actorId: 'a1' }] });
    },
    Shutdown: async ({ force }) => {
      asked.push(['shutdown', force]);
      return ShutdownResponse.fromPartial({ messages: [{ actorId: 'a2' }] });
    },
  });
  const path = dir.file('system/run/machined/machine.sock');
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger }));
}

test('each request becomes the call of its name, and the actor is told', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('power'));
  const asked: unknown[] = [];
  await machinedAt(dir, asked, scope);
  const at = { runDir: dir.path };
  expect(await askMachined({ ...REBOOT, mode: 'powercycle', ...at }, PATIENT, NEVER)).toBe('a1');
  expect(await askMachined({ action: 'shutdown', mode: 'force', ...at }, PATIENT, NEVER)).toBe('a2');
  expect(asked).toEqual([
    ['reboot', RebootRequest_Mode.POWERCYCLE, 'os:operator'],
    ['shutdown', true],
  ]);
  await expect(askMachined({ ...REBOOT, mode: 'force', ...at }, PATIENT, NEVER)).rejects.toMatchObject({ kind: 'denied' });
});

test('a machined that is just started again is waited for', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('power'));
  const asking = askMachined({ ...REBOOT, runDir: dir.path }, PATIENT, NEVER);
  await systemClock.sleep(300, NEVER);
  await machinedAt(dir, [], scope);
  expect(await asking).toBe('a1');
});

test('where no machined comes it says where it looked and who is let in', async () => {
  await using dir = await tempDir('power');
  const asking = askMachined({ ...REBOOT, runDir: dir.path }, { ...PATIENT, withinMs: 300 }, NEVER);
  await expect(asking).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(/machine\.sock for 0\.3 s: only root of the node/),
  });
});
