import { RebootRequest_Mode as Mode } from '@minos/api/machine';

/** How a machine ends. */
export type PowerEnd = 'reboot' | 'shutdown';

/** What of a node can be wiped. META is a file on STATE. */
export const WIPEABLE = ['STATE', 'EPHEMERAL', 'META'] as const;

/** One of them. */
export type WipeLabel = (typeof WIPEABLE)[number];

/** A restart or the end. Forced: services that do not stop are not waited for. */
export interface PowerRequest {
  readonly kind: PowerEnd;
  readonly isForced?: true;
}

/** How the machine is asked to go down. */
export type GoingDown = PowerRequest | { readonly kind: 'reset'; readonly labels: readonly WipeLabel[]; readonly end: PowerEnd };

/** How it ends when it goes down in this way; pure. */
export function endOf(request: GoingDown): PowerEnd {
  return request.kind === 'reset' ? request.end : request.kind;
}

/** What a Reboot asks for. A node has no kexec, so every restart goes through the firmware: `POWERCYCLE` is the same as `DEFAULT`. Pure. */
export function rebootOf(mode: Mode): PowerRequest {
  return mode === Mode.FORCE ? { kind: 'reboot', isForced: true } : { kind: 'reboot' };
}

/** What a Shutdown asks for; pure. */
export function shutdownOf(isForced: boolean): PowerRequest {
  return isForced ? { kind: 'shutdown', isForced } : { kind: 'shutdown' };
}

/** Reads what an earlier machined remembered; undefined when it is nothing of the kind. Pure. */
export function parseGoingDown(raw: unknown): GoingDown | undefined {
  if (typeof raw !== 'object' || raw === null || !('kind' in raw)) return undefined;
  if (isEnd(raw.kind)) return { kind: raw.kind, ...('isForced' in raw && raw.isForced === true ? { isForced: true } : {}) };
  if (raw.kind !== 'reset' || !('labels' in raw) || !Array.isArray(raw.labels) || !('end' in raw) || !isEnd(raw.end))
    return undefined;
  const named: readonly unknown[] = raw.labels;
  return { kind: 'reset', labels: WIPEABLE.filter((label) => named.includes(label)), end: raw.end };
}

function isEnd(raw: unknown): raw is PowerEnd {
  return raw === 'reboot' || raw === 'shutdown';
}
