import { Fault } from '@minos/base';
import type { ClientTls } from '@minos/rpc';
import type { CommandCall } from '../cli/command.ts';
import { certificateWarning } from '../client-config/certificate-warning.ts';
import { loadContext } from '../client-config/load-context.ts';
import { isSelector } from '../select/selector.ts';
import { type Endpoint, parseEndpoint } from './parse-endpoint.ts';
import { pinServer } from './pin-server.ts';

/** Where a command connects, whom it means, and how both sides know each other. */
export interface ConnectionPlan {
  readonly endpoints: readonly Endpoint[];
  readonly nodes: readonly string[];
  readonly tls: ClientTls;
  /** Whether calls name their node; the machine itself is meant otherwise. */
  readonly isRouted: boolean;
  /** What a person should know before it is tried. */
  readonly warning: string | undefined;
}

/** Works out the connection from the options and the context. Throws a Fault that says what is missing. */
export async function planConnection<V>(call: CommandCall<V>): Promise<ConnectionPlan> {
  return call.globals.insecure ? planInsecure(call) : planTrusted(call);
}

async function planTrusted<V>({ globals, terminal }: CommandCall<V>): Promise<ConnectionPlan> {
  const context = await loadContext(terminal, globals);
  const given = globals.endpoints.length > 0 ? globals.endpoints : context.endpoints;
  const nodes = [...new Set(globals.nodes.length > 0 ? globals.nodes : context.nodes)];
  if (nodes.length === 0) {
    throw new Fault('invalid', `no node to talk to: use --nodes, or set some: minosctl config nodes <node>… (${context.file})`, {
      reason: 'NO_NODE',
    });
  }
  const names = nodes.filter((node) => !isSelector(node));
  const portful = names.find((node) => /^([^:]+|\[.*\]):\d+$/.test(node));
  if (portful !== undefined) {
    throw new Fault(
      'invalid',
      `"${portful}" is no node: a node is named without a port; a port belongs to the endpoint: -e ${portful}`,
      { reason: 'NODE_WITH_PORT' },
    );
  }
  const warning = await certificateWarning(context, terminal.clock.now());
  const known = { cert: context.crt, key: context.key.reveal() };
  const tls = { ...(await serverCheck(globals['cert-fingerprint'], context.ca)), ...known };
  if (given.length === 0 && names.length === 0) {
    throw new Fault(
      'invalid',
      `a selector needs a control plane to ask: -e <control plane>, or set one: minosctl config endpoints`,
      {
        reason: 'NO_ENDPOINT_FOR_SELECTOR',
      },
    );
  }
  return { endpoints: (given.length > 0 ? given : names).map(parseEndpoint), nodes, tls, isRouted: true, warning };
}

/** No certificate of ours, none asked of the machine: it has none that anybody could know yet. */
async function planInsecure<V>({ globals }: CommandCall<V>): Promise<ConnectionPlan> {
  const [machine, ...others] = new Set(globals.nodes.length > 0 ? globals.nodes : globals.endpoints);
  if (machine === undefined || others.length > 0) {
    const got = machine === undefined ? 'none is given' : `not ${others.length + 1}`;
    throw new Fault('invalid', `--insecure talks to one machine directly, ${got}: -n <address>`);
  }
  if (isSelector(machine)) {
    throw new Fault(
      'invalid',
      `--insecure talks to a machine that is no member yet: "${machine}" selects nobody; name it by its address`,
    );
  }
  const [endpoint = machine] = globals.endpoints;
  const tls = await serverCheck(globals['cert-fingerprint'], undefined);
  return { endpoints: [parseEndpoint(endpoint)], nodes: [machine], tls, isRouted: false, warning: undefined };
}

async function serverCheck(fingerprints: readonly string[], ca: string | undefined): Promise<ClientTls> {
  return fingerprints.length === 0 ? { ca } : { ca: undefined, verifyPeer: await pinServer(fingerprints) };
}
