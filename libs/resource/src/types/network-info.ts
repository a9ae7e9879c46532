import { HardwareAddrSpec, TimeServerStatusSpec } from '@minos/api/resource-specs';
import { defineType } from './define-type.ts';
import { hardwareAddressText } from './enum-text.ts';

/** Where the node gets its time from; id `timeservers`. */
export const timeServerStatusType = defineType<TimeServerStatusSpec>({
  type: 'TimeServerStatuses.net.talos.dev',
  displayType: 'TimeServerStatus',
  namespace: 'network',
  aliases: ['timeserver', 'timeservers', 'timeserverstatus', 'tss'],
  columns: ['Timeservers=.timeServers', 'UseNTS=.useNTS'],
  codec: TimeServerStatusSpec,
  toYaml: (s) => ({
    timeServers: s.ntpServers,
    useNTS: s.useNts,
  }),
});

/** The hardware address that stands for the machine; id `first`. */
export const hardwareAddressType = defineType<HardwareAddrSpec>({
  type: 'HardwareAddresses.net.talos.dev',
  displayType: 'HardwareAddress',
  namespace: 'network',
  aliases: ['hardwareaddress', 'ha', 'has'],
  codec: HardwareAddrSpec,
  toYaml: (s) => ({
    name: s.name,
    hardwareAddr: hardwareAddressText(s.hardwareAddr),
  }),
});
