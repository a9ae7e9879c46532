import type { Any } from '@minos/api/google';
import {
  AddressEvent,
  ConfigLoadErrorEvent,
  ConfigValidationErrorEvent,
  MachineStatusEvent,
  PhaseEvent,
  RestartEvent,
  SequenceEvent,
  ServiceStateEvent,
  TaskEvent,
} from '@minos/api/machine';

/** What happened; clients know these nine kinds and no others. */
export type MachineEvent =
  | { readonly kind: 'sequence'; readonly event: SequenceEvent }
  | { readonly kind: 'phase'; readonly event: PhaseEvent }
  | { readonly kind: 'task'; readonly event: TaskEvent }
  | { readonly kind: 'service'; readonly event: ServiceStateEvent }
  | { readonly kind: 'config-load-error'; readonly event: ConfigLoadErrorEvent }
  | { readonly kind: 'config-validation-error'; readonly event: ConfigValidationErrorEvent }
  | { readonly kind: 'address'; readonly event: AddressEvent }
  | { readonly kind: 'machine-status'; readonly event: MachineStatusEvent }
  | { readonly kind: 'restart'; readonly event: RestartEvent };

/** The event as it goes on the wire. */
export function packEvent(of: MachineEvent): Any {
  switch (of.kind) {
    case 'sequence':
      return pack('SequenceEvent', SequenceEvent.encode(of.event));
    case 'phase':
      return pack('PhaseEvent', PhaseEvent.encode(of.event));
    case 'task':
      return pack('TaskEvent', TaskEvent.encode(of.event));
    case 'service':
      return pack('ServiceStateEvent', ServiceStateEvent.encode(of.event));
    case 'config-load-error':
      return pack('ConfigLoadErrorEvent', ConfigLoadErrorEvent.encode(of.event));
    case 'config-validation-error':
      return pack('ConfigValidationErrorEvent', ConfigValidationErrorEvent.encode(of.event));
    case 'address':
      return pack('AddressEvent', AddressEvent.encode(of.event));
    case 'machine-status':
      return pack('MachineStatusEvent', MachineStatusEvent.encode(of.event));
    case 'restart':
      return pack('RestartEvent', RestartEvent.encode(of.event));
  }
}

function pack(name: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: `talos/runtime/machine.${name}`, value: Buffer.from(message.finish()) };
}
