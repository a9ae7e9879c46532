import { type DiagnosisServiceDefinition, SequencesResponse } from '@minos/api/minos';
import type { Implementation } from '@minos/rpc';
import type { Machine } from '../../runtime/machine.ts';
import type { SequenceProgress } from '../../sequence/sequence-progress.ts';
import { sequenceMessages } from './sequence-messages.ts';

/** The handlers of minos.v1.DiagnosisService. */
export type DiagnosisHandlers = Partial<Implementation<typeof DiagnosisServiceDefinition>>;

/** Sequences. */
export function diagnosisHandlers(machine: Machine, progress: SequenceProgress): DiagnosisHandlers {
  return {
    Sequences: async () => SequencesResponse.fromPartial({ sequences: sequenceMessages(machine, progress) }),
  };
}
