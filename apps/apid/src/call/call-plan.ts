import { isAllowed, type MethodRow, methodRow, type NodeStage, roleNames } from '@minos/api';
import { Field, Head } from '@minos/http2';
import { type Caller, rolesOfCall } from '../identity/caller.ts';
import { type RouteSettings, route } from '../route/route.ts';
import { type CallError, Status } from './grpc-status.ts';
import { parseGrpcTimeout } from './grpc-timeout.ts';
import { TRACE_HEADER } from './hop-trace.ts';

/** What decides about calls at a moment, besides the caller and the request. */
export interface CallSettings extends RouteSettings {
  readonly stage: NodeStage;
}

/** What a call that may go on is. */
export interface PlannedCall {
  readonly row: MethodRow;
  readonly roles: readonly string[];
  /** What is sent on; under a fan-out, to each target. */
  readonly head: Head;
  readonly timeoutMs: number | undefined;
  /** Whether the caller asks how long what took. */
  readonly isTraced: boolean;
}

/** What becomes of a request. */
export type CallPlan =
  | { readonly kind: 'refused'; readonly method: string; readonly roles: readonly string[]; readonly error: CallError }
  | { readonly kind: 'not-grpc'; readonly httpStatus: number }
  | (PlannedCall & { readonly kind: 'local' })
  | (PlannedCall & { readonly kind: 'one'; readonly target: string })
  | (PlannedCall & { readonly kind: 'many'; readonly targets: readonly string[] });

const HTTP = new Field(':scheme', 'http');
const HTTPS = new Field(':scheme', 'https');
const LOCALHOST = new Field(':authority', 'localhost');

/** Decides what becomes of a request: whether it may, where it goes, and what is sent there; pure. */
export function planCall(request: Head, caller: Caller, settings: CallSettings): CallPlan {
  const method = request.get(':path') ?? '';
  if (request.get(':method') !== 'POST') return { kind: 'not-grpc', httpStatus: 405 };
  if (!request.get('content-type')?.startsWith('application/grpc')) return { kind: 'not-grpc', httpStatus: 415 };
  const roles = rolesOfCall(caller, valuesOf(request, 'talos-role'));
  const names = roleNames(roles);
  const refused = (error: CallError): CallPlan => ({ kind: 'refused', method, roles: names, error });
  const row = methodRow(method);
  if (row === undefined) return refused({ code: Status.unimplemented, message: `unknown method ${method}` });
  if (!isAllowed(row, roles.known, settings.stage)) return refused(notAuthorized(row, names));
  const where = route(
    {
      method,
      isForwarded: request.get('proxyfrom') !== undefined,
      node: valuesOf(request, 'node'),
      nodes: valuesOf(request, 'nodes'),
    },
    settings,
  );
  if (where.kind === 'refused') return refused(where.error);
  const timeoutMs = parseGrpcTimeout(request.get('grpc-timeout'));
  const call = { row, roles: names, timeoutMs, isTraced: request.get(TRACE_HEADER) !== undefined };
  if (where.kind === 'local') return { ...call, kind: 'local', head: headForLocal(request, caller, names) };
  if (where.kind === 'one') return { ...call, ...where, head: headForRemote(request, { roles: names, target: where.target }) };
  return { ...call, ...where, head: headForRemote(request, { roles: names, target: undefined }) };
}

function notAuthorized(row: MethodRow, roles: readonly string[]): CallError {
  const needed = row.roles.join(', ') || 'nobody from outside';
  return {
    code: Status.permissionDenied,
    message: 'not authorized',
    info: {
      reason: 'NOT_AUTHORIZED',
      hop: 'you → endpoint',
      evidence: `${row.path} is open to ${needed}; your certificate has ${roles.join(', ') || 'no roles'}`,
      next: 'a client configuration with one of those roles: minosctl config new --roles <role>',
    },
  };
}

/** The values of a header, whether it was repeated or joined with commas; empty ones are left out. */
function valuesOf(request: Head, name: string): readonly string[] {
  const values: string[] = [];
  for (const field of request.fields) {
    if (field.name !== name) continue;
    for (const part of field.value.split(',')) {
      const value = part.trim();
      if (value !== '') values.push(value);
    }
  }
  return values;
}

/** What machined gets: everything but what a caller says about itself, and the roles that we decided. */
function headForLocal(request: Head, caller: Caller, roles: readonly string[]): Head {
  const fields: Field[] = [];
  for (const field of request.fields) {
    if (field.name === ':scheme') fields.push(HTTP);
    else if (field.name === ':authority') fields.push(LOCALHOST);
    else if (field.name === 'proxyfrom' ? caller.mayImpersonate : field.name !== 'talos-role') fields.push(field);
  }
  pushRoles(fields, roles);
  return new Head(fields, request.isShared);
}

const NOT_FORWARDED: ReadonlySet<string> = new Set([':authority', 'node', 'nodes', 'talos-role', 'proxyfrom']);

/** What another apid gets: no targets any more, the roles that we decided, and that it was forwarded. */
function headForRemote(request: Head, to: { readonly roles: readonly string[]; readonly target: string | undefined }): Head {
  const fields: Field[] = [new Field(':authority', to.target ?? 'node')];
  for (const field of request.fields) {
    // The replies of many must be readable here.
    if (to.target === undefined && field.name === 'grpc-accept-encoding') continue;
    if (field.name === ':scheme') fields.push(HTTPS);
    else if (!NOT_FORWARDED.has(field.name)) fields.push(field);
  }
  pushRoles(fields, to.roles);
  fields.push(new Field('proxyfrom', request.get(':authority') || 'unknown'));
  return new Head(fields, request.isShared);
}

function pushRoles(fields: Field[], roles: readonly string[]): void {
  for (const role of roles) fields.push(new Field('talos-role', role));
}
