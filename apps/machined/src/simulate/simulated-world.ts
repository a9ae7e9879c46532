import { type Clock, Fault, formatProblems, type Logger } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { parseFixture, type SimulatedHost, simulatedHost } from '@minos/host/simulated';
import type { World } from '../runtime/world.ts';
import { playNetworkd } from './play-networkd.ts';

/** A simulated machine to work in, from the text of a fixture; throws `invalid` with every problem of the text. Nobody is turned away. */
export function simulatedWorld(
  fixtureText: string,
  deps: { readonly clock: Clock; readonly log: Logger },
): World & { readonly host: SimulatedHost } {
  const document = parseYamlDocument(fixtureText);
  const fixture = document.ok ? parseFixture(document.value) : document;
  if (!fixture.ok) throw new Fault('invalid', `the fixture is wrong:\n${formatProblems(fixture.problems)}`);
  const host = simulatedHost(fixture.value, { clock: deps.clock });
  return {
    host,
    clock: host.clock,
    log: deps.log,
    isNode: false,
    mayMount: true,
    isProcess: async () => true,
    isLocalRoot: async () => false,
    play: async (state, signal) => {
      await Promise.all([host.play(signal), playNetworkd(state, signal)]);
    },
  };
}
