import { type Command, defineCommand } from '../cli/command.ts';
import { choice, flag, list, number, repeated, requiredText, text } from '../cli/option.ts';
import { FORCE_OPTION, WRITE_OPTIONS } from '../write/write-options.ts';

const SERVICE_ID = { name: 'id', need: 'required' } as const;
const SAFE_WRITE =
  'More than one node is shown and asked about first. An interrupted command goes on where it was when it runs again.';
const REBOOT_WAIT = {
  wait: flag('wait until the node is done; --wait=false only asks', { initial: true }),
  timeout: number('seconds', 1800, 'how long to wait'),
} as const;

/** Commands that ask nodes for something they run or know. */
export const NODE_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['version'],
    summary: 'show what the nodes run',
    options: { client: flag('show only the version of minosctl; no node is asked'), short: flag('show only the version') },
    isForMaintenance: true,
    examples: ['minosctl version', 'minosctl -n 10.5.0.2,10.5.0.3,10.5.0.4 version', 'minosctl version --client'],
    load: async () => (await import('../commands/version.ts')).version,
  }),
  defineCommand({
    path: ['services'],
    summary: 'list the services of the nodes',
    options: {},
    isForMaintenance: true,
    examples: ['minosctl services', 'minosctl -n 10.5.0.3 services -o json'],
    load: async () => (await import('../commands/services.ts')).services,
  }),
  defineCommand({
    path: ['service'],
    summary: 'show, start, stop or restart a service',
    positionals: [
      { name: 'id', need: 'optional' },
      { name: 'action', need: 'optional', choices: ['status', 'start', 'stop', 'restart'] },
    ],
    options: WRITE_OPTIONS,
    isForMaintenance: true,
    examples: ['minosctl -n 10.5.0.2 service apid', 'minosctl -n 10.5.0.3 service networkd restart'],
    load: async () => (await import('../commands/service.ts')).service,
  }),
  defineCommand({
    path: ['sequences'],
    summary: 'show what the nodes do at boot, reboot and shutdown, in order, and how far they came',
    options: {},
    isForMaintenance: true,
    examples: ['minosctl -n 10.5.0.2 sequences', 'minosctl sequences -o json'],
    load: async () => (await import('../commands/sequences.ts')).sequences,
  }),
  defineCommand({
    path: ['why'],
    summary: 'say why a node, or a part of it, is not as it should be',
    details: 'The first line says what lies deepest; then what shows it, what to ask next, and what waits for it.',
    positionals: [{ name: 'service or resource', need: 'optional' }],
    options: {},
    isForMaintenance: true,
    examples: ['minosctl why', 'minosctl -n 10.5.0.3 why apid', 'minosctl -n 10.5.0.3 why network -o yaml'],
    load: async () => (await import('../commands/why.ts')).why,
  }),
  defineCommand({
    path: ['boots'],
    summary: 'show the last boots of the nodes: when, with what configuration, what ended, who changed something',
    options: { verbose: flag('everything that is recorded, one row each', { short: 'v' }) },
    isForMaintenance: true,
    examples: ['minosctl boots', 'minosctl -n 10.5.0.3 boots --verbose'],
    load: async () => (await import('../commands/boots.ts')).boots,
  }),
  defineCommand({
    path: ['logs'],
    summary: 'print the log of a service',
    details: 'Each line stands after its node. A node that fails ends its own stream; the others go on, and the exit code is 1.',
    positionals: [SERVICE_ID],
    options: {
      follow: flag('go on with what is written from now on', { short: 'f' }),
      tail: number('lines', -1, 'only so many lines from the end; -1 for all'),
      since: text('time', 'only what came in the last time, such as 5m, or since one, such as 2026-01-02T03:04:05Z'),
      boot: number(
        'boot',
        0,
        'of an earlier boot, which stands in minosctl boots: the end of the log that it left; -1 for the last',
      ),
    },
    isForMaintenance: true,
    examples: [
      'minosctl -n 10.5.0.3 logs networkd --boot -1',
      'minosctl -n 10.5.0.2 logs machined',
      'minosctl logs -f apid --tail 10',
      'minosctl logs apid --since 10m',
    ],
    load: async () => (await import('../commands/logs.ts')).logs,
  }),
  defineCommand({
    path: ['dmesg'],
    summary: 'print the kernel log',
    options: {
      follow: flag('go on with what is logged from now on', { short: 'f' }),
      tail: flag('only what is logged from now on; with --follow'),
      boot: number('boot', 0, 'of an earlier boot, which stands in minosctl boots: the end of what was logged; -1 for the last'),
    },
    isForMaintenance: true,
    examples: ['minosctl -n 10.5.0.2 dmesg', 'minosctl -n 10.5.0.3 dmesg --boot -1', 'minosctl dmesg --follow --tail'],
    load: async () => (await import('../commands/dmesg.ts')).dmesg,
  }),
  defineCommand({
    path: ['events'],
    summary: 'follow what happens on the nodes',
    options: {
      tail: number('events', 0, 'begin with so many past events; -1 for all'),
      duration: text('time', 'begin with the events of the last time, such as 5m'),
      since: text('id', 'begin after the event with this id'),
      'actor-id': text('id', 'only events of this action'),
    },
    examples: ['minosctl -n 10.5.0.2 events --tail -1', 'minosctl events --duration 10m'],
    load: async () => (await import('../commands/events.ts')).events,
  }),
  defineCommand({
    path: ['processes'],
    aliases: ['ps'],
    summary: 'list the processes of the nodes',
    options: { sort: choice(['rss', 'cpu'], 'what comes first', { short: 's' }) },
    examples: ['minosctl -n 10.5.0.2 processes', 'minosctl processes --sort cpu'],
    load: async () => (await import('../commands/processes.ts')).processes,
  }),
  defineCommand({
    path: ['memory'],
    aliases: ['free'],
    summary: 'show the memory of the nodes',
    options: { verbose: flag('everything that the kernel says', { short: 'v' }) },
    isForMaintenance: true,
    examples: ['minosctl memory', 'minosctl -n 10.5.0.2 memory --verbose'],
    load: async () => (await import('../commands/memory.ts')).memory,
  }),
  defineCommand({
    path: ['get'],
    summary: 'show resources: what a node is, has and is to have',
    details: 'Types go by their names and short names; minosctl get resourcedefinitions lists them.',
    positionals: [
      { name: 'type', need: 'required' },
      { name: 'id', need: 'optional' },
    ],
    options: {
      namespace: text('name', "namespace of the resources (default: the type's own)"),
      watch: flag('go on with what changes', { short: 'w' }),
    },
    isForMaintenance: true,
    examples: ['minosctl get members', 'minosctl -n 10.5.0.3 get links eth0 -o yaml', 'minosctl get addresses --watch'],
    load: async () => (await import('../commands/get.ts')).get,
  }),
  defineCommand({
    path: ['plan'],
    summary: 'show what a machine configuration would change on the nodes',
    details: 'Each node answers by the very functions that an apply uses, from its state as it is. Nothing is changed.',
    options: { file: requiredText('file', 'the configuration', { short: 'f' }) },
    isForMaintenance: true,
    examples: ['minosctl -n 10.5.0.3 plan -f worker.yaml', 'minosctl -n 10.5.0.3 plan -f worker.yaml -o json'],
    load: async () => (await import('../commands/plan.ts')).plan,
  }),
  defineCommand({
    path: ['apply-config'],
    aliases: ['apply'],
    summary: 'give the nodes a machine configuration',
    details:
      'A configuration with mistakes is refused with all of them, and changes nothing. One that changes network, API or trust is confirmed over a new connection; a node that cannot be reached any more goes back by itself.',
    options: {
      file: requiredText('file', 'the configuration', { short: 'f' }),
      mode: choice(['auto', 'no-reboot', 'reboot', 'staged', 'try'], 'when it takes effect', { short: 'm' }),
      'dry-run': flag('say what would change, and change nothing'),
      patch: repeated('patch', 'change to make before sending: YAML, or @file', { short: 'p' }),
      timeout: number('seconds', 60, 'how long a configuration under trial lasts'),
      'confirm-timeout': number('seconds', 60, 'how long a node waits for the confirmation before it goes back'),
      'no-confirm': flag('keep the configuration whatever comes of it'),
      ...WRITE_OPTIONS,
      force: FORCE_OPTION,
    },
    isForMaintenance: true,
    examples: [
      'minosctl -n 10.5.0.3 apply-config -f worker.yaml --dry-run',
      'minosctl -n 10.5.0.3 apply-config -f worker.yaml -p @patch.yaml',
      'minosctl -e 10.5.0.3 -n 10.5.0.3 --cert-fingerprint 4ywGw9TNyY1yxtVMTZQFsEDV5rlY6H5pMMnQBZPCCFA= apply-config -f worker.yaml',
    ],
    load: async () => (await import('../commands/apply-config.ts')).applyConfig,
  }),
  defineCommand({
    path: ['reboot'],
    summary: 'restart the nodes and wait until they are ready',
    details: SAFE_WRITE,
    options: {
      mode: choice(
        ['default', 'powercycle', 'force'],
        'force does not wait for services; powercycle is the default, through the firmware',
        {
          short: 'm',
        },
      ),
      ...REBOOT_WAIT,
      ...WRITE_OPTIONS,
      force: FORCE_OPTION,
    },
    examples: [
      'minosctl -n 10.5.0.3 reboot',
      'minosctl -n @workers reboot --max-unavailable 1 --yes',
      'minosctl -n 10.5.0.3 reboot --wait=false',
    ],
    load: async () => (await import('../commands/reboot.ts')).reboot,
  }),
  defineCommand({
    path: ['shutdown'],
    summary: 'take the nodes down',
    details: SAFE_WRITE,
    options: {
      force: flag(
        'do not wait for services that will not stop; also when less than a majority of the control planes would be left',
      ),
      ...REBOOT_WAIT,
      ...WRITE_OPTIONS,
    },
    examples: ['minosctl -n 10.5.0.4 shutdown', 'minosctl -n 10.5.0.4 shutdown --wait=false'],
    load: async () => (await import('../commands/shutdown.ts')).shutdown,
  }),
  defineCommand({
    path: ['reset'],
    summary: 'let the nodes forget what they wrote, and take them down',
    details:
      'Wipes STATE (configuration, identity, membership) and EPHEMERAL (logs), or only what is named. A node that has lost its STATE comes up without a configuration.',
    options: {
      graceful: flag('leave the cluster in order first, as far as there is something to leave', { initial: true }),
      reboot: flag('start the nodes again, instead of turning them off'),
      'system-labels-to-wipe': list('label,…', 'only these: STATE, EPHEMERAL, META'),
      'user-disks-to-wipe': list('device,…', 'disks of the user, which this version refuses'),
      'wipe-mode': choice(['all', 'system-disk', 'user-disks'], 'which kinds of disks'),
      ...REBOOT_WAIT,
      ...WRITE_OPTIONS,
      force: FORCE_OPTION,
    },
    examples: ['minosctl -n 10.5.0.4 reset --system-labels-to-wipe EPHEMERAL --reboot'],
    load: async () => (await import('../commands/reset.ts')).reset,
  }),
];

/** Commands about the files of nodes. */
export const FILE_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['mounts'],
    summary: 'list mounted filesystems',
    options: {},
    examples: ['minosctl -n 10.5.0.2 mounts'],
    load: async () => (await import('../commands/mounts.ts')).mounts,
  }),
  defineCommand({
    path: ['ls'],
    aliases: ['list'],
    summary: 'list a directory',
    positionals: [{ name: 'path', need: 'optional' }],
    options: {
      long: flag('with mode, owner, size and time', { short: 'l' }),
      recurse: flag('with everything below', { short: 'r' }),
      depth: number('levels', 1, 'how far down', { short: 'd' }),
      humanize: flag('sizes for people', { short: 'H' }),
      type: list('f|d|l', 'only files, directories or links', { short: 't' }),
    },
    examples: ['minosctl -n 10.5.0.2 ls /sbin', 'minosctl -n 10.5.0.2 ls -l -d 2 /etc'],
    load: async () => (await import('../commands/ls.ts')).ls,
  }),
  defineCommand({
    path: ['cat'],
    aliases: ['read'],
    summary: 'print a file of one node',
    positionals: [{ name: 'path', need: 'required' }],
    options: {},
    examples: ['minosctl -n 10.5.0.2 cat /etc/os-release'],
    load: async () => (await import('../commands/cat.ts')).cat,
  }),
  defineCommand({
    path: ['cp'],
    aliases: ['copy'],
    summary: 'copy a file or directory from one node',
    details: 'To a directory, files are made anew: one that is there already is an error. Links are never followed.',
    positionals: [
      { name: 'source', need: 'required' },
      { name: 'directory, or - for a tar.gz', need: 'required' },
    ],
    options: {},
    examples: ['minosctl -n 10.5.0.2 cp /etc ./node-etc', 'minosctl -n 10.5.0.2 cp /var/log - > logs.tar.gz'],
    load: async () => (await import('../commands/cp.ts')).cp,
  }),
  defineCommand({
    path: ['du'],
    aliases: ['usage'],
    summary: 'show how much directories hold',
    positionals: [{ name: 'path', need: 'many' }],
    options: {
      humanize: flag('sizes for people', { short: 'H' }),
      all: flag('files too, not only directories', { short: 'a' }),
      depth: number('levels', 0, 'how far down', { short: 'd' }),
      threshold: number('bytes', 0, 'only what holds at least so much', { short: 't' }),
    },
    examples: ['minosctl -n 10.5.0.2 du -H /var', 'minosctl -n 10.5.0.2 du -a -d 1 /var/log'],
    load: async () => (await import('../commands/du.ts')).du,
  }),
];
