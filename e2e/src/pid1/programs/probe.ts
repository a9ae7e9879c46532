/** Stands in for machined: hands each line of JSON from a socket on STATE to the supervisor port, and answers with a line. */
import { constants, writeSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { isFault, messageOf } from '@minos/base';
import type { SpawnSpec, Supervisor, SupervisorEvent } from '@minos/host';
import { linuxHost } from '@minos/host/linux';

const SOCKET = '/system/state/control.sock';

/** What a test may ask for. */
export type ProbeRequest =
  | { readonly op: 'info' | 'list' | 'events' | 'die' | 'garbage' }
  | { readonly op: 'spawn'; readonly spec: SpawnSpec }
  | { readonly op: 'signal'; readonly id: string; readonly signal: 'SIGTERM' | 'SIGKILL'; readonly scope: 'process' | 'group' }
  | { readonly op: 'acknowledge'; readonly id: string; readonly generation: number }
  | { readonly op: 'power'; readonly action: 'reboot' | 'poweroff' }
  | { readonly op: 'read'; readonly path: string }
  | { readonly op: 'drain'; readonly id: string };

async function drain(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1 << 20), 0, 1 << 20, null);
  return buffer.toString('utf8', 0, bytesRead);
}

async function perform(supervisor: Supervisor, seen: SupervisorEvent[], request: ProbeRequest): Promise<unknown> {
  switch (request.op) {
    case 'info':
      return {
        starts: supervisor.machinedStarts,
        pid: process.pid,
        argv: process.argv,
        env: process.env,
      };
    case 'list':
      return supervisor.list();
    case 'events':
      return seen.splice(0);
    case 'die':
      return process.kill(process.pid, 'SIGKILL');
    case 'garbage':
      return writeSync(3, Buffer.alloc(64, 0xff));
    case 'spawn':
      return supervisor.spawn(request.spec);
    case 'signal':
      return supervisor.signal(request.id, request.signal, request.scope);
    case 'acknowledge':
      return supervisor.acknowledge(request.id, request.generation);
    case 'power':
      return supervisor.power(request.action);
    case 'read':
      return readFile(request.path, 'utf8');
    case 'drain':
      return drain(supervisor.logFifo(request.id));
  }
}

async function collect(events: AsyncIterable<SupervisorEvent>, seen: SupervisorEvent[]): Promise<void> {
  for await (const event of events) seen.push(event);
  process.exit(111);
}

async function answer(supervisor: Supervisor, seen: SupervisorEvent[], line: string): Promise<string> {
  try {
    return JSON.stringify({ ok: true, value: await perform(supervisor, seen, JSON.parse(line)) });
  } catch (e) {
    return JSON.stringify({ ok: false, kind: isFault(e) ? e.kind : 'error', message: messageOf(e) });
  }
}

async function main(): Promise<void> {
  const supervisor = await linuxHost().openSupervisor();
  const seen: SupervisorEvent[] = [];
  const collecting = collect(supervisor.events(new AbortController().signal), seen);
  await rm(SOCKET, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      answer(supervisor, seen, line).then(
        (text) => socket.write(`${text}\n`),
        () => socket.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(SOCKET, resolve));
  await supervisor.ready();
  await collecting;
}

await main();
