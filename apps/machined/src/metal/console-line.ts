import type { Any } from '@minos/api/google';
import {
  ConfigLoadErrorEvent,
  ConfigValidationErrorEvent,
  MachineStatusEvent,
  PhaseEvent_Action as PhaseAction,
  PhaseEvent,
  SequenceEvent,
  ServiceStateEvent_Action as ServiceAction,
  ServiceStateEvent,
  MachineStatusEvent_MachineStage as Stage,
} from '@minos/api/machine';

const PREFIX = 'talos/runtime/machine.';

/** What the console says about an event: one line, or nothing; pure. */
export function consoleLine({ typeUrl, value }: Any): string | undefined {
  return LINES[typeUrl.slice(PREFIX.length)]?.(value);
}

/** Whether an event says that the machine is up, all services included. */
export function isReadyEvent({ typeUrl, value }: Any): boolean {
  if (typeUrl !== `${PREFIX}MachineStatusEvent`) return false;
  const { stage, status } = MachineStatusEvent.decode(value);
  return stage === Stage.RUNNING && status?.ready === true;
}

const LINES: Readonly<Record<string, (bytes: Uint8Array) => string | undefined>> = {
  PhaseEvent: (bytes) => {
    const { phase, action } = PhaseEvent.decode(bytes);
    return action === PhaseAction.START ? `phase ${phase}` : undefined;
  },
  SequenceEvent: (bytes) => {
    const { sequence, error } = SequenceEvent.decode(bytes);
    return error === undefined ? undefined : `${sequence}: ${error.message}`;
  },
  ServiceStateEvent: (bytes) => {
    const { service, action, message } = ServiceStateEvent.decode(bytes);
    if (action === ServiceAction.RUNNING) return `service ${service} is running`;
    return action === ServiceAction.FAILED ? `service ${service} failed: ${message}` : undefined;
  },
  ConfigLoadErrorEvent: (bytes) => `configuration: ${ConfigLoadErrorEvent.decode(bytes).error}`,
  ConfigValidationErrorEvent: (bytes) => `configuration: ${ConfigValidationErrorEvent.decode(bytes).error}`,
};
