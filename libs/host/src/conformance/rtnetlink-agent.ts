import { isFault, messageOf } from '@minos/base';
import { openRtnetlink } from '../linux/rtnetlink/open-rtnetlink.ts';
import type { Rtnetlink } from '../port/rtnetlink.ts';
import type { AgentReply, AgentRequest } from './agent-message.ts';

/** Carries out, in the namespace that this process is in, what its parent asks over IPC. */
const rtnetlink = await openRtnetlink();
const stop = new AbortController();

process.on('message', (request: AgentRequest) => void answer(request));
process.on('disconnect', () => process.exit(0));
send({ kind: 'opened' });
for await (const event of rtnetlink.events(stop.signal)) send({ kind: 'event', event });

async function answer({ id, call, args }: AgentRequest): Promise<void> {
  try {
    const method: (...args: never[]) => Promise<unknown> = rtnetlink[call];
    const result = await method.apply(rtnetlink satisfies Rtnetlink, args as never[]);
    send({ kind: 'result', id, result });
  } catch (e) {
    const fault = isFault(e) ? { kind: e.kind, fields: e.fields } : { kind: 'internal' as const, fields: {} };
    send({ kind: 'refused', id, fault: { ...fault, message: messageOf(e) } });
  }
}

function send(reply: AgentReply): void {
  process.send?.(reply, undefined, {}, () => undefined);
}
