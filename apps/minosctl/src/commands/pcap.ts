import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MachineServiceDefinition, PacketCaptureRequest } from '@minos/api/machine';
import { Fault, isFault, messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { durationMs } from '../cli/duration.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { onlyNode, withSession } from '../node-call/session.ts';
import { packetText } from '../packets/packet-text.ts';
import { parseFilter } from '../packets/parse-filter.ts';
import { PcapReader } from '../packets/pcap-reader.ts';
import { WITHOUT_API } from '../packets/without-api.ts';

interface Options {
  readonly interface: string;
  readonly promiscuous: boolean;
  readonly 'bpf-filter': string | undefined;
  readonly 'with-api': boolean;
  readonly 'snap-len': number;
  readonly duration: string | undefined;
  readonly write: string | undefined;
}

/** Somewhere that the bytes of a capture go. */
interface Sink extends AsyncDisposable {
  take(bytes: Buffer): Promise<void>;
}

/** Shows what goes over a link of one node, or writes it as pcap. */
export const pcap: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const { options, terminal } = call;
    const node = onlyNode(session, 'pcap');
    const request = PacketCaptureRequest.fromPartial({
      interface: options.interface,
      promiscuous: options.promiscuous,
      snapLen: options['snap-len'],
      bpfFilter: await filterOf(call),
    });
    const ms = options.duration === undefined ? undefined : durationMs(options.duration, '--duration');
    const until = ms === undefined ? session.to(node) : { ...session.to(node), timeoutMs: ms };
    const machine = client(session.channel, MachineServiceDefinition);
    await using sink = sinkOf(call);
    try {
      for await (const { bytes } of machine.PacketCapture(request, until)) await sink.take(bytes);
      return 0;
    } catch (error) {
      const isOver = terminal.signal.aborted || (ms !== undefined && isFault(error, 'deadline'));
      return isOver ? 0 : reportFailures(terminal, [{ node, error }]);
    }
  });

async function filterOf({ options, terminal }: CommandCall<Options>): Promise<ReturnType<typeof parseFilter>> {
  const given = options['bpf-filter'];
  if (given === undefined) return options['with-api'] ? [] : parseFilter(WITHOUT_API);
  if (!given.startsWith('@')) return parseFilter(given);
  const path = resolve(terminal.cwd, given.slice(1));
  try {
    return parseFilter(await readFile(path, 'utf8'));
  } catch (e) {
    if (isFault(e)) throw e;
    throw new Fault('missing', `cannot read ${path}: ${messageOf(e)}`, {}, { cause: e });
  }
}

function sinkOf({ options, terminal }: CommandCall<Options>): Sink {
  const { write } = options;
  if (write === undefined) {
    const reader = new PcapReader();
    const take = async (bytes: Buffer): Promise<void> => {
      const lines = reader.push(bytes).map((packet) => `${packetText(packet, reader.linkType ?? 1)}\n`);
      if (lines.length > 0) await terminal.out(lines.join(''));
    };
    return { take, [Symbol.asyncDispose]: async () => undefined };
  }
  if (write === '-') return { take: (bytes) => terminal.out(bytes), [Symbol.asyncDispose]: async () => undefined };
  return fileSink(resolve(terminal.cwd, write));
}

/** A new file for its owner only; what goes over a link is nobody else's business. */
function fileSink(path: string): Sink {
  const file = createWriteStream(path, { mode: 0o600, flags: 'w' });
  const failed = new Promise<never>((_resolve, reject) => file.once('error', reject));
  failed.catch(() => undefined);
  const finished = (start: (done: () => void) => void): Promise<void> =>
    Promise.race([failed, new Promise<void>((done) => start(done))]);
  return {
    take: (bytes) => finished((done) => file.write(bytes, () => done())),
    [Symbol.asyncDispose]: () => finished((done) => file.end(done)),
  };
}
