// node e2e/bench/h2spec.ts: runs h2spec, which needs a Go toolchain, against a server of libs/http2 on loopback.
import { spawn } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@minos/base';
import { Engine, Field, type Half, Head, type Peer } from '@minos/http2';

const H2SPEC = 'github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible';
const OK = new Head([new Field(':status', '200'), new Field('content-type', 'text/plain')], true);
const BODY = Buffer.alloc(100, 'b');

/** Answers every request with 100 bytes when it has ended. */
function answerTo(half: Half): Peer {
  const answer = (): void => {
    half.head(OK, false);
    half.data(BODY, 0, BODY.length, true);
  };
  return {
    head: (_trailers, isEnd) => isEnd && answer(),
    data: (_bytes, start, end, isEnd) => {
      half.passed(end - start);
      if (isEnd) answer();
    },
    passed: () => undefined,
    reset: () => undefined,
  };
}

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function h2spec(root: string): Promise<string> {
  const bin = join(root, '.cache/go-bin');
  const program = join(bin, 'h2spec');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(bin, { recursive: true });
  if ((await run('go', ['install', H2SPEC], { GOBIN: bin })) !== 0) throw new Error('h2spec cannot be built');
  return program;
}

const program = await h2spec(join(import.meta.dirname, '../..'));
const engine = new Engine({ clock: systemClock });
const server = createServer((socket) => {
  const conn = engine.open(socket, {
    role: 'server',
    owner: {
      request: (half, _head, isEnd) => {
        const peer = answerTo(half);
        half.peer = peer;
        if (isEnd) peer.head(OK, true);
      },
    },
  });
  socket.on('data', (bytes: Buffer) => conn.receive(bytes));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
process.exitCode = await run(program, ['-h', '127.0.0.1', '-p', String(port), '-o', '2', ...process.argv.slice(2)]);
server.close();
