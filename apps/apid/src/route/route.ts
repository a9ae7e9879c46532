import { mayFanOut } from '@minos/api';
import { type CallError, Status } from '../call/grpc-status.ts';
import { isTarget } from './target.ts';

/** What of a request decides where it goes. Values of repeated and comma-joined fields are apart, empty ones left out. */
export interface RouteRequest {
  readonly method: string;
  /** Whether another apid sent it here. */
  readonly isForwarded: boolean;
  readonly node: readonly string[];
  readonly nodes: readonly string[];
}

/** What of this node decides where requests go. */
export interface RouteSettings {
  /** In maintenance: everything is answered here. */
  readonly isRoutingDisabled: boolean;
  /** Whether this node has a certificate to show to others. */
  readonly canForward: boolean;
  /** Whether a name or an address is this node's own. */
  isLocal(name: string): boolean;
}

/** Where a request goes. */
export type Route =
  | { readonly kind: 'local' }
  | { readonly kind: 'one'; readonly target: string }
  | { readonly kind: 'many'; readonly targets: readonly string[] }
  | { readonly kind: 'refused'; readonly error: CallError };

/** More nodes than this in one call are a mistake, or worse. */
const MOST_TARGETS = 2000;

const LOCAL: Route = { kind: 'local' };

/**
 * Decides where a request goes; pure. In order: maintenance answers all itself; what another apid forwarded is never forwarded
 * again; `nodes` wins over `node`, and goes to many even with one value; a node that cannot forward still answers for itself;
 * without either header, or with an empty one, the answer is ours.
 */
export function route(request: RouteRequest, settings: RouteSettings): Route {
  if (settings.isRoutingDisabled || request.isForwarded) return LOCAL;
  if (request.node.length > 1) return refused(Status.invalidArgument, 'node metadata must be single-valued');
  const node = ownForgotten(request.node, settings);
  const nodes = ownForgotten(request.nodes, settings);
  if (nodes.length > 0) return toMany(request.method, nodes, settings);
  const target = node[0];
  if (target === undefined) return LOCAL;
  return toTargets([target], settings) ?? { kind: 'one', target };
}

function toMany(method: string, targets: readonly string[], settings: RouteSettings): Route {
  if (!mayFanOut(method)) return refused(Status.invalidArgument, `one-2-many proxying is not supported for method ${method}`);
  if (targets.length > MOST_TARGETS) {
    return refused(Status.invalidArgument, `${targets.length} nodes in one call: at most ${MOST_TARGETS} are allowed`);
  }
  return toTargets(targets, settings) ?? { kind: 'many', targets };
}

/** Why these cannot be reached from here, if they cannot. */
function toTargets(targets: readonly string[], settings: RouteSettings): Route | undefined {
  if (!settings.canForward) return { kind: 'refused', error: noForwarding(targets) };
  const wrong = targets.find((target) => !isTarget(target));
  return wrong === undefined
    ? undefined
    : refused(Status.internal, `invalid target ${JSON.stringify(wrong)}: a host without a port`);
}

function ownForgotten(names: readonly string[], settings: RouteSettings): readonly string[] {
  const [only] = names;
  return !settings.canForward && names.length === 1 && only !== undefined && settings.isLocal(only) ? [] : names;
}

function noForwarding([target = 'node']: readonly string[]): CallError {
  return {
    code: Status.permissionDenied,
    message: 'no request forwarding',
    info: {
      reason: 'NO_REQUEST_FORWARDING',
      hop: `endpoint → ${target}`,
      evidence: 'this endpoint is a worker, which other nodes take no calls from',
      next: 'go through a control plane: --endpoints <control plane>',
    },
  };
}

function refused(code: number, message: string): Route {
  return { kind: 'refused', error: { code, message } };
}
