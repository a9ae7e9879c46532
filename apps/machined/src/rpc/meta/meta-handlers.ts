import type { MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import type { MetaStore } from '../../meta/meta-store.ts';

/** Marks the end of the values where META is kept, so it is no key. */
const END = 0;
const LAST = 0xff;

/** MetaWrite and MetaDelete: done when the answer comes. */
export function metaHandlers(deps: {
  readonly meta: MetaStore;
}): Pick<Implementation<typeof MachineServiceDefinition>, 'MetaWrite' | 'MetaDelete'> {
  const answer = { messages: [{ metadata: undefined }] };
  return {
    MetaWrite: async ({ key, value }) => {
      await deps.meta.set(checkKey(key), value);
      return answer;
    },
    MetaDelete: async ({ key }) => {
      await deps.meta.delete(checkKey(key));
      return answer;
    },
  };
}

function checkKey(key: number): number {
  if (key > END && key <= LAST) return key;
  throw new Fault('invalid', `the key ${key} is not between ${END + 1} and ${LAST}`);
}
