import { type ResetRequest, ResetRequest_WipeMode as WipeMode } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { type GoingDown, WIPEABLE } from './power-request.ts';

/** Where STATE and EPHEMERAL of this node are: the device of each, where that is a disk. */
export interface ResetGround {
  readonly disks: readonly { readonly label: string; readonly device: string }[];
}

/** What a request for a reset asks for; throws `precondition` or `invalid`, with what to do, for what this version cannot. Pure. */
export function planReset(request: ResetRequest, { disks }: ResetGround): Extract<GoingDown, { readonly kind: 'reset' }> {
  if (request.mode === WipeMode.USER_DISKS || request.userDisksToWipe.length > 0) {
    throw new Fault('precondition', 'this version wipes no user disks: it uses none; wipe them from outside');
  }
  const named = request.systemPartitionsToWipe.filter(({ wipe }) => wipe).map(({ label }) => label);
  const unknown = named.filter((label) => !WIPEABLE.some((one) => one === label));
  if (unknown.length > 0) {
    throw new Fault('invalid', `there is no partition ${unknown.join(', ')} on this node; it has ${WIPEABLE.join(', ')}`);
  }
  const labels = named.length === 0 ? (['STATE', 'EPHEMERAL'] as const) : WIPEABLE.filter((label) => named.includes(label));
  const onDisk = disks.filter(({ label }) => labels.some((one) => one === label || (one === 'META' && label === 'STATE')));
  if (onDisk.length > 0) {
    const where = onDisk.map(({ label, device }) => `${label} on ${device}`).join(', ');
    throw new Fault(
      'precondition',
      `this version wipes no disks, and this node has ${where}: shut it down, and wipe them from outside`,
    );
  }
  return { kind: 'reset', labels, end: request.reboot ? 'reboot' : 'shutdown' };
}
