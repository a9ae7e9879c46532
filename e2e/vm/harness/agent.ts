import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 60_000;

/** The test agent in the guest, at the other end of the second serial line. */
export interface Agent {
  /** Gives a command and hands back its answer; throws what the agent refuses, or when there is no answer. */
  ask(command: string): Promise<string>;
  /** Every line that the agent has sent. */
  lines(): readonly string[];
  close(): void;
}

/** Connects to the second serial line of a machine. */
export async function openAgent(path: string): Promise<Agent> {
  const socket: Socket = createConnection(path);
  await once(socket, 'connect');
  const lines: string[] = [];
  const readers = new Set<(line: string) => void>();
  createInterface({ input: socket }).on('line', (line) => {
    lines.push(line);
    for (const reader of readers) reader(line);
  });
  socket.on('error', () => undefined);
  const answer = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const done = (line: string): void => {
        // A machine that starts again says so; that is no answer.
        if (line === 'ready') return;
        readers.delete(done);
        clearTimeout(late);
        resolve(line);
      };
      const late = setTimeout(() => {
        readers.delete(done);
        reject(new Error('the agent does not answer'));
      }, PATIENCE_MS);
      readers.add(done);
    });
  // One at a time: an answer does not say to which command it belongs.
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (command: string): Promise<string> => {
    const waiting = answer();
    socket.write(`${command}\n`);
    const line = await waiting;
    if (line.startsWith('error')) throw new Error(`${command}: ${line}`);
    return line;
  };
  return {
    ask: (command) => {
      const mine = turn.then(() => ask(command));
      turn = mine.catch(() => undefined);
      return mine;
    },
    lines: () => lines,
    close: () => void socket.destroy(),
  };
}
