import { type ApplyConfigurationRequest_Mode, ApplyConfigurationRequest_Mode as Mode } from '@minos/api/machine';
import type { ReachPart } from '@minos/config';
import type { ConfigEvent } from './config-table.ts';
import type { ConfirmRequestHeaders } from './confirm-request.ts';

/** What decides how a configuration is applied. */
export interface ApplyInput extends ConfirmRequestHeaders {
  readonly mode: ApplyConfigurationRequest_Mode;
  /** Whether a configuration is in force. */
  readonly isConfigured: boolean;
  /** How long a trial of mode TRY lasts. */
  readonly tryMs: number;
  /** What the node can be lost by. */
  readonly reach: readonly ReachPart[];
}

/** How a configuration is applied, and what is said about it. */
export interface ApplyPlan {
  /** The mode that is answered: what was used in place of AUTO. */
  readonly mode: ApplyConfigurationRequest_Mode;
  readonly event: ConfigEvent;
  readonly done: string;
  readonly isRebooting: boolean;
  /** Of a trial. */
  readonly timeoutMs: number | undefined;
  readonly warnings: readonly string[];
  /** Whether nobody would bring the node back if this cut it off. */
  readonly isUnguarded: boolean;
}

interface ModeRow {
  readonly answered: ApplyConfigurationRequest_Mode;
  readonly kept: ConfigEvent;
  readonly onTrial: ConfigEvent;
  readonly isRebooting: boolean;
  readonly done: string;
}

const NOW: ModeRow = {
  answered: Mode.NO_REBOOT,
  kept: 'keep',
  onTrial: 'try',
  isRebooting: false,
  done: 'Applied configuration without a reboot',
};

const MODES: Readonly<Record<ApplyConfigurationRequest_Mode, ModeRow>> = {
  [Mode.AUTO]: NOW,
  [Mode.NO_REBOOT]: NOW,
  [Mode.REBOOT]: {
    answered: Mode.REBOOT,
    kept: 'stage',
    onTrial: 'stage-trial',
    isRebooting: true,
    done: 'Applied configuration with a reboot',
  },
  [Mode.STAGED]: {
    answered: Mode.STAGED,
    kept: 'stage',
    onTrial: 'stage-trial',
    isRebooting: false,
    done: 'Staged configuration to be applied after the next reboot',
  },
  [Mode.TRY]: {
    answered: Mode.TRY,
    kept: 'try',
    onTrial: 'try',
    isRebooting: false,
    done: 'Applied configuration in try mode; the node goes back by itself',
  },
};

/** Decides how a configuration is applied; pure. A node without a configuration takes the first one at once, and keeps it. */
export function planApply(input: ApplyInput): ApplyPlan {
  const { isConfigured, reach, mode, timeoutMs } = input;
  const row = !isConfigured && mode !== Mode.STAGED && mode !== Mode.TRY ? NOW : MODES[mode];
  const isWanted = timeoutMs !== undefined && (!input.isForReachOnly || reach.length > 0);
  const isOnTrial = isWanted && isConfigured;
  const isTry = row.kept === 'try';
  const warnings =
    timeoutMs !== undefined && !isConfigured ? ['a node without a configuration keeps the first one without a confirmation'] : [];
  return {
    mode: row.answered,
    event: isOnTrial ? row.onTrial : row.kept,
    done: row.done,
    isRebooting: row.isRebooting,
    timeoutMs: isOnTrial ? timeoutMs : isTry ? input.tryMs : undefined,
    warnings,
    isUnguarded: reach.length > 0 && !isOnTrial && !isTry,
  };
}
