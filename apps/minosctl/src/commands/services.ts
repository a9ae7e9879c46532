import { Empty } from '@minos/api/google';
import type { ServiceInfo, ServiceList } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';
import { timestampMs } from '../output/plain-value.ts';
import { agoText } from '../output/quantity.ts';

/** Lists the services of the nodes. */
export const services: RunCommand<unknown> = unaryTable<unknown, ServiceList>({
  ask: (machine, options) => machine.ServiceList(Empty.create(), options),
  heading: ['SERVICE', 'STATE', 'HEALTH', 'LAST CHANGE', 'LAST EVENT'],
  rows: (list, { terminal }) =>
    list.services.map((service) => {
      const last = service.events?.events.at(-1);
      const ago = last?.ts === undefined ? '' : `${agoText(terminal.clock.now() - timestampMs(last.ts))} ago`;
      return [service.id, service.state, healthText(service), ago, last?.msg ?? '<none>'];
    }),
});

/** `?`, `OK` or `Fail`; pure. */
export function healthText({ health }: ServiceInfo): string {
  if (health === undefined || health.unknown) return '?';
  return health.healthy ? 'OK' : 'Fail';
}
