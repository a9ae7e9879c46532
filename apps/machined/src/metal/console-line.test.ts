import { expect, test } from '@jest/globals';
import { PhaseEvent_Action as PhaseAction, ServiceStateEvent_Action as ServiceAction } from '@minos/api/machine';
import { packEvent } from '../event/machine-event.ts';
import { consoleLine, isReadyEvent } from './console-line.ts';

test('the beginning of a phase is a line, its end is not', () => {
  expect(consoleLine(packEvent({ kind: 'phase', event: { phase: 'network', action: PhaseAction.START } }))).toBe('phase network');
  expect(consoleLine(packEvent({ kind: 'phase', event: { phase: 'network', action: PhaseAction.STOP } }))).toBeUndefined();
});

test('a service that fails is told with the reason', () => {
  const event = { service: 'apid', action: ServiceAction.FAILED, message: 'exit code 100', health: undefined };
  expect(consoleLine(packEvent({ kind: 'service', event }))).toBe('service apid failed: exit code 100');
});

test('what a configuration lacks is told', () => {
  expect(consoleLine(packEvent({ kind: 'config-load-error', event: { error: 'there is none' } }))).toBe(
    'configuration: there is none',
  );
  expect(isReadyEvent(packEvent({ kind: 'config-load-error', event: { error: '' } }))).toBe(false);
});
