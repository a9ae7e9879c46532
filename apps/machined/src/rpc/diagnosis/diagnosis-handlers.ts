import {
  BootLogResponse,
  BootsResponse,
  type DiagnosisServiceDefinition,
  SequencesResponse,
  WhyResponse,
} from '@minos/api/minos';
import { Fault } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import type { Machine } from '../../runtime/machine.ts';
import type { SequenceProgress } from '../../sequence/sequence-progress.ts';
import { findSubject, waitChain, waitsBelow } from '../../why/wait-chain.ts';
import { waitGraph } from '../../why/wait-graph.ts';
import { sequenceMessages } from './sequence-messages.ts';

/** The handlers of minos.v1.DiagnosisService. */
export type DiagnosisHandlers = Partial<Implementation<typeof DiagnosisServiceDefinition>>;

/** Sequences, Why, Boots and BootLog. */
export function diagnosisHandlers(machine: Machine, progress: SequenceProgress): DiagnosisHandlers {
  return {
    Sequences: async () => SequencesResponse.fromPartial({ sequences: sequenceMessages(machine, progress) }),
    Boots: async () => {
      const boots = await machine.recorder.boots();
      return BootsResponse.fromPartial({
        boots: boots.map(({ boot, records }) => ({
          boot,
          records: records.filter(({ what }) => what?.$case !== 'log'),
          logs: records.flatMap(({ what }) => (what?.$case === 'log' ? [what.value.service] : [])),
        })),
      });
    },
    BootLog: async ({ boot, service }) => {
      const recorded = (await machine.recorder.boots()).find((one) => one.boot === boot);
      if (recorded === undefined || boot === 0)
        throw new Fault('missing', `there is no record of boot ${boot}; see the list of boots`);
      for (const { what } of recorded.records) {
        if (what?.$case === 'log' && what.value.service === service)
          return BootLogResponse.fromPartial({ bytes: what.value.bytes });
      }
      throw new Fault('missing', `boot ${boot} left no log of service "${service}"`);
    },
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
