import type { Logger } from '@minos/base';
import type { Host } from '@minos/host';

/** What RPCs that only look at the machine need. */
export interface HandlerDeps {
  readonly host: Host;
  readonly log: Logger;
}
