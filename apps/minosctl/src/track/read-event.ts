import {
  AddressEvent,
  ConfigLoadErrorEvent,
  ConfigValidationErrorEvent,
  type Event,
  MachineStatusEvent,
  MachineStatusEvent_MachineStage,
  PhaseEvent,
  PhaseEvent_Action,
  RestartEvent,
  SequenceEvent,
  SequenceEvent_Action,
  ServiceStateEvent,
  ServiceStateEvent_Action,
  TaskEvent,
  TaskEvent_Action,
} from '@minos/api/machine';

/** An event, decoded, with what a table shows of it. */
export type NodeEvent = {
  readonly source: string;
  readonly text: string;
} & (
  | { readonly name: 'SequenceEvent'; readonly data: SequenceEvent }
  | { readonly name: 'PhaseEvent'; readonly data: PhaseEvent }
  | { readonly name: 'TaskEvent'; readonly data: TaskEvent }
  | { readonly name: 'ServiceStateEvent'; readonly data: ServiceStateEvent }
  | { readonly name: 'MachineStatusEvent'; readonly data: MachineStatusEvent }
  | { readonly name: 'AddressEvent'; readonly data: AddressEvent }
  | { readonly name: 'RestartEvent'; readonly data: RestartEvent }
  | { readonly name: 'ConfigLoadErrorEvent'; readonly data: ConfigLoadErrorEvent }
  | { readonly name: 'ConfigValidationErrorEvent'; readonly data: ConfigValidationErrorEvent }
);

const PREFIX = 'talos/runtime/machine.';

/** Decodes an event; undefined for the empty message at the start of a stream, and for types that are not known. Pure. */
export function readEvent({ data }: Event): NodeEvent | undefined {
  if (data === undefined || !data.typeUrl.startsWith(PREFIX)) return undefined;
  return READERS[data.typeUrl.slice(PREFIX.length)]?.(data.value);
}

/** The name of an enumeration's number; pure. */
export function nameOf(values: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(values).find(([, number]) => number === value)?.[0] ?? String(value);
}

/** What a machine status says, in one line; pure. */
export function machineStatusText({ stage, status }: MachineStatusEvent): string {
  const unmet = (status?.unmetConditions ?? []).map(({ name, reason }) => `${name} (${reason})`).join(', ');
  const ready = status?.ready === true ? 'ready' : 'not ready';
  return `${nameOf(MachineStatusEvent_MachineStage, stage)}, ${ready}${unmet === '' ? '' : `, waiting for ${unmet}`}`;
}

const READERS: Readonly<Record<string, (bytes: Uint8Array) => NodeEvent>> = {
  SequenceEvent: (bytes) => {
    const data = SequenceEvent.decode(bytes);
    const error = data.error === undefined ? '' : `: ${data.error.message}`;
    return {
      name: 'SequenceEvent',
      data,
      source: data.sequence,
      text: `sequence ${nameOf(SequenceEvent_Action, data.action)}${error}`,
    };
  },
  PhaseEvent: (bytes) => {
    const data = PhaseEvent.decode(bytes);
    return { name: 'PhaseEvent', data, source: data.phase, text: `phase ${nameOf(PhaseEvent_Action, data.action)}` };
  },
  TaskEvent: (bytes) => {
    const data = TaskEvent.decode(bytes);
    return { name: 'TaskEvent', data, source: data.task, text: `task ${nameOf(TaskEvent_Action, data.action)}` };
  },
  ServiceStateEvent: (bytes) => {
    const data = ServiceStateEvent.decode(bytes);
    const text = `${nameOf(ServiceStateEvent_Action, data.action)}: ${data.message}`;
    return { name: 'ServiceStateEvent', data, source: data.service, text };
  },
  MachineStatusEvent: (bytes) => {
    const data = MachineStatusEvent.decode(bytes);
    return { name: 'MachineStatusEvent', data, source: 'machine', text: machineStatusText(data) };
  },
  AddressEvent: (bytes) => {
    const data = AddressEvent.decode(bytes);
    return { name: 'AddressEvent', data, source: data.hostname, text: data.addresses.join(', ') };
  },
  RestartEvent: (bytes) => {
    const data = RestartEvent.decode(bytes);
    return { name: 'RestartEvent', data, source: 'machine', text: `restart ${data.cmd}` };
  },
  ConfigLoadErrorEvent: (bytes) => {
    const data = ConfigLoadErrorEvent.decode(bytes);
    return { name: 'ConfigLoadErrorEvent', data, source: 'configuration', text: data.error };
  },
  ConfigValidationErrorEvent: (bytes) => {
    const data = ConfigValidationErrorEvent.decode(bytes);
    return { name: 'ConfigValidationErrorEvent', data, source: 'configuration', text: data.error };
  },
};
