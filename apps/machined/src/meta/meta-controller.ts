import { MetaKeySpec, MetaLoadedSpec, UniqueMachineTokenSpec } from '@minos/api/resource-specs';
import { metaKeyType, metaLoadType, uniqueMachineTokenType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { keyText } from './meta-format.ts';

const UNIQUE_TOKEN_KEY = 0x10;

/** Shows what is in META. */
export const metaController: Controller = {
  name: 'runtime.MetaController',
  inputs: [],
  outputs: exclusive(metaKeyType, metaLoadType, uniqueMachineTokenType),
  untilChange: ({ meta }, signal) => meta.untilChange(signal),
  reconcile: async ({ meta }, writer) => {
    await meta.load();
    const keys = [...meta.values].map(
      ([key, value]) => [keyText(key), MetaKeySpec.fromPartial({ value: value.toString('utf8') })] as const,
    );
    await writer.replaceAll(metaKeyType, new Map(keys));
    await writer.put(metaLoadType, 'meta-load', MetaLoadedSpec.fromPartial({ done: true }));
    const token = meta.values.get(UNIQUE_TOKEN_KEY)?.toString('utf8') ?? '';
    await writer.put(uniqueMachineTokenType, 'unique-machine-token', UniqueMachineTokenSpec.fromPartial({ token }));
  },
};
