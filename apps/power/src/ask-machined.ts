import { MachineServiceDefinition, RebootRequest_Mode as Mode } from '@minos/api/machine';
import { type Clock, Fault, isFault, messageOf, Scope } from '@minos/base';
import { client, dial } from '@minos/rpc';
import type { PowerRequest } from './parse-request.ts';

const SOCKET = '/system/run/machined/machine.sock';
const MODE = { default: Mode.DEFAULT, powercycle: Mode.POWERCYCLE, force: Mode.FORCE } as const;
/** The role of the caller; machined asks the kernel who it is all the same. */
const AS_OPERATOR = { 'talos-role': 'os:operator' };
const ANSWER_MS = 10_000;
const PAUSE_MS = 250;

/** How long machined may be away, and by which clock. */
export interface Patience {
  readonly clock: Clock;
  readonly withinMs: number;
}

/** Asks machined to begin, waiting for a machined that is just started again; resolves with the actor whose events tell how it goes. */
export async function askMachined(request: PowerRequest, { clock, withinMs }: Patience, signal: AbortSignal): Promise<string> {
  await using scope = new Scope();
  const path = `${request.runDir}${SOCKET}`;
  const machine = client(scope.use(dial({ kind: 'unix', path })), MachineServiceDefinition);
  const options = { metadata: AS_OPERATOR, timeoutMs: ANSWER_MS, signal };
  const ask = (): Promise<{ readonly messages: readonly { readonly actorId: string }[] }> =>
    request.action === 'reboot'
      ? machine.Reboot({ mode: MODE[request.mode] }, options)
      : machine.Shutdown({ force: request.mode === 'force' }, options);
  const untilMs = clock.monotonicMs() + withinMs;
  for (;;) {
    try {
      return (await ask()).messages[0]?.actorId ?? '';
    } catch (e) {
      if (!isFault(e, 'unavailable')) throw e;
      if (clock.monotonicMs() >= untilMs) throw notThere(path, withinMs, e);
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}

function notThere(path: string, withinMs: number, cause: unknown): Fault {
  const text = `machined let nobody in at ${path} for ${withinMs / 1000} s: only root of the node is let in, and only while machined runs; the kernel's log and machined's say more (${messageOf(cause)})`;
  return new Fault('unavailable', text, { path }, { cause });
}
