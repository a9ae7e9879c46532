import { type DiagnosisServiceDefinition, SequencesResponse, WhyResponse } from '@minos/api/minos';
import type { Implementation } from '@minos/rpc';
import type { Machine } from '../../runtime/machine.ts';
import type { SequenceProgress } from '../../sequence/sequence-progress.ts';
import { findSubject, waitChain, waitsBelow } from '../../why/wait-chain.ts';
import { waitGraph } from '../../why/wait-graph.ts';
import { sequenceMessages } from './sequence-messages.ts';

/** The handlers of minos.v1.DiagnosisService. */
export type DiagnosisHandlers = Partial<Implementation<typeof DiagnosisServiceDefinition>>;

/** Sequences and Why. */
export function diagnosisHandlers(machine: Machine, progress: SequenceProgress): DiagnosisHandlers {
  return {
    Sequences: async () => SequencesResponse.fromPartial({ sequences: sequenceMessages(machine, progress) }),
    Why: async ({ subject }) => {
      const graph = await waitGraph(machine, progress);
      const id = findSubject(graph, subject);
      const nodes = waitsBelow(graph, id).map(({ evidence, waitsFor, ...rest }) => ({
        ...rest,
        evidence: [...evidence],
        waitsFor: [...waitsFor],
      }));
      return WhyResponse.fromPartial({ nodes, chain: [...waitChain(graph, id)] });
    },
  };
}
