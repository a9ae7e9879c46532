import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Fault, Scope } from '@minos/base';
import { type NetNamespace, netNamespace } from '@minos/testkit';
import type { Link, LinkAddress, NetworkEvent, Route, Rtnetlink } from '../port/rtnetlink.ts';
import { EventFan } from '../rtnetlink/event-fan.ts';
import type { AgentReply, AgentRequest } from './agent-message.ts';
import type { RtnetlinkSubject } from './rtnetlink-subject.ts';

/** networkd's user and capabilities in a node. */
const LIMITS = [
  '--reuid',
  '52',
  '--regid',
  '52',
  '--clear-groups',
  '--no-new-privs',
  ...['inh', 'ambient', 'bounding-set'].map(capabilities),
];

function capabilities(set: string): string {
  return `--${set}${set === 'bounding-set' ? '' : '-caps'}=-all,+net_admin,+net_raw`;
}

/** The real kernel: a namespace of its own, and in it a process with networkd's rights that makes the calls. */
export async function linuxSubject(): Promise<RtnetlinkSubject> {
  const scope = new Scope();
  const namespace = scope.use(await netNamespace());
  await namespace.run('sh', '-c', 'for f in all default; do echo 0 > /proc/sys/net/ipv4/conf/$f/promote_secondaries; done');
  const agent = startAgent(namespace);
  const rtnetlink = scope.use(new AgentRtnetlink(agent));
  await rtnetlink.opened;
  return {
    rtnetlink,
    addForeignAddress: async (linkName, address) => void (await namespace.run('ip', 'addr', 'add', address, 'dev', linkName)),
    addForeignRoute: async (destination, linkName) =>
      void (await namespace.run('ip', 'route', 'add', destination, 'dev', linkName)),
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

function startAgent(namespace: NetNamespace): ChildProcess {
  const [execPath, ...execArgv] = namespace.inside(
    'setpriv',
    ...LIMITS,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
  );
  return fork(join(import.meta.dirname, 'rtnetlink-agent.ts'), {
    execPath,
    execArgv,
    serialization: 'advanced',
    env: { PATH: process.env['PATH'] },
  });
}

/** The port, made of calls to an agent. */
class AgentRtnetlink implements Rtnetlink {
  readonly opened: Promise<void>;
  readonly #agent: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: never): void; reject(e: unknown): void }>();
  readonly #fan = new EventFan();
  #lastId = 0;

  constructor(agent: ChildProcess) {
    this.#agent = agent;
    this.opened = new Promise((resolve, reject) => {
      agent.on('message', (reply: AgentReply) => (reply.kind === 'opened' ? resolve() : this.#take(reply)));
      agent.once('exit', () => reject(new Fault('unavailable', 'the agent ended')));
    });
  }

  links(): Promise<readonly Link[]> {
    return this.#call('links');
  }

  addresses(): Promise<readonly LinkAddress[]> {
    return this.#call('addresses');
  }

  routes(): Promise<readonly Route[]> {
    return this.#call('routes');
  }

  setLink(...args: Parameters<Rtnetlink['setLink']>): Promise<void> {
    return this.#call('setLink', ...args);
  }

  createLink(...args: Parameters<Rtnetlink['createLink']>): Promise<void> {
    return this.#call('createLink', ...args);
  }

  deleteLink(...args: Parameters<Rtnetlink['deleteLink']>): Promise<void> {
    return this.#call('deleteLink', ...args);
  }

  addAddress(...args: Parameters<Rtnetlink['addAddress']>): Promise<void> {
    return this.#call('addAddress', ...args);
  }

  deleteAddress(...args: Parameters<Rtnetlink['deleteAddress']>): Promise<void> {
    return this.#call('deleteAddress', ...args);
  }

  addRoute(...args: Parameters<Rtnetlink['addRoute']>): Promise<void> {
    return this.#call('addRoute', ...args);
  }

  deleteRoute(...args: Parameters<Rtnetlink['deleteRoute']>): Promise<void> {
    return this.#call('deleteRoute', ...args);
  }

  events(signal: AbortSignal): AsyncIterable<NetworkEvent> {
    return this.#fan.events(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#agent, 'exit');
    this.#agent.disconnect();
    await ended;
  }

  #call<T>(call: AgentRequest['call'], ...args: readonly unknown[]): Promise<T> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#agent.send({ id, call, args } satisfies AgentRequest);
    });
  }

  #take(reply: AgentReply): void {
    if (reply.kind === 'event') this.#fan.push(reply.event);
    if (reply.kind !== 'result' && reply.kind !== 'refused') return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'result') waiting?.resolve(reply.result as never);
    else waiting?.reject(new Fault(reply.fault.kind, reply.fault.message, reply.fault.fields));
  }
}
