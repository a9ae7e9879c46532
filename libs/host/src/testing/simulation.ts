import { formatProblems } from '@minos/base';
import { parseFixture, type SimulatedHost, type SimulationOptions, simulatedHost } from '../simulated/simulated-host.ts';

/** A simulated machine from what a fixture file would hold; throws when that is wrong. */
export function simulation(raw: unknown, options: SimulationOptions = {}): SimulatedHost {
  const fixture = parseFixture(raw);
  if (!fixture.ok) throw new Error(formatProblems(fixture.problems));
  return simulatedHost(fixture.value, options);
}
