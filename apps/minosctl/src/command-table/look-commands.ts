import { type Command, defineCommand } from '../cli/command.ts';
import { defaultText, flag, list, number, text } from '../cli/option.ts';
import { WRITE_OPTIONS } from '../write/write-options.ts';

const KUBERNETES = { kubernetes: flag('those of Kubernetes, not those of the node itself', { short: 'k' }) } as const;

/** Commands that look into nodes: sockets, packets, usage, clocks, controllers, health. */
export const LOOK_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['dashboard'],
    summary: 'watch nodes on the whole terminal: state, load, services, kernel log, resources',
    details:
      'F1 to F3 (or 1 to 3) choose summary, monitor and resources; left and right (or p and n) the node; arrows, Enter and Esc move in the resources; q or Ctrl-C leaves. Only the node that is shown is asked.',
    options: { interval: defaultText('time', '3s', 'how often the node is asked', { short: 'd' }) },
    examples: ['minosctl dashboard', 'minosctl -n @all dashboard -d 5s'],
    load: async () => (await import('../commands/dashboard.ts')).dashboard,
  }),
  defineCommand({
    path: ['netstat'],
    aliases: ['ss'],
    summary: 'list the sockets of the nodes',
    details: 'Connected sockets of TCP and UDP, unless told otherwise.',
    options: {
      all: flag('listening ones too', { short: 'a' }),
      listening: flag('only listening ones', { short: 'l' }),
      tcp: flag('TCP', { short: 't' }),
      udp: flag('UDP', { short: 'u' }),
      udplite: flag('UDP-Lite', { short: 'U' }),
      raw: flag('raw sockets', { short: 'w' }),
      ipv4: flag('only IPv4', { short: '4' }),
      ipv6: flag('only IPv6', { short: '6' }),
      programs: flag('which process holds each', { short: 'p' }),
      extend: flag('owner and inode too', { short: 'x' }),
      timers: flag('timers too'),
    },
    examples: ['minosctl -n 10.5.0.2 netstat', 'minosctl netstat -l -t -p'],
    load: async () => (await import('../commands/netstat.ts')).netstat,
  }),
  defineCommand({
    path: ['pcap'],
    aliases: ['tcpdump'],
    summary: 'show the packets that go over a link of one node',
    details: 'Until Ctrl-C or --duration. A reader that is too slow loses packets; the node is not slowed.',
    options: {
      interface: defaultText('link', 'eth0', 'name of the link', { short: 'i' }),
      promiscuous: flag('also packets that are not for the node'),
      'bpf-filter': text('filter', 'only these packets: what tcpdump -dd prints, or @file'),
      'with-api': flag('also the API itself, TCP port 50000, and with it what this very command causes'),
      'snap-len': number('bytes', 0, 'at most so much of each packet; 0 for all'),
      duration: text('time', 'end after this time, such as 10s'),
      write: text('file', 'write pcap to the file, - for standard output, instead of lines', { short: 'w' }),
    },
    examples: ['minosctl -n 10.5.0.2 pcap --duration 2s', 'minosctl -n 10.5.0.3 pcap -i lo --duration 2s -w lo.pcap'],
    load: async () => (await import('../commands/pcap.ts')).pcap,
  }),
  defineCommand({
    path: ['containers'],
    summary: 'list what runs on the nodes under their care',
    options: KUBERNETES,
    examples: ['minosctl -n 10.5.0.2 containers', 'minosctl containers -k'],
    load: async () => (await import('../commands/containers.ts')).containers,
  }),
  defineCommand({
    path: ['stats'],
    summary: 'show what that uses: memory and processor time',
    options: KUBERNETES,
    examples: ['minosctl stats', 'minosctl -n 10.5.0.3 stats -o json'],
    load: async () => (await import('../commands/stats.ts')).stats,
  }),
  defineCommand({
    path: ['meta', 'write'],
    summary: 'keep a value in META, which outlives reboots and configurations',
    details: 'Keys are numbers; 0x0c to 0x0e are free for anyone. minosctl get metakeys lists them.',
    positionals: [
      { name: 'key', need: 'required' },
      { name: 'value', need: 'required' },
    ],
    options: WRITE_OPTIONS,
    examples: ['minosctl -n 10.5.0.3 meta write 0x0c rack-7'],
    load: async () => (await import('../commands/meta.ts')).metaWrite,
  }),
  defineCommand({
    path: ['meta', 'delete'],
    summary: 'forget a value of META',
    positionals: [{ name: 'key', need: 'required' }],
    options: WRITE_OPTIONS,
    examples: ['minosctl -n 10.5.0.3 meta delete 0x0c'],
    load: async () => (await import('../commands/meta.ts')).metaDelete,
  }),
  defineCommand({
    path: ['time'],
    summary: 'compare the clocks of the nodes with a time server',
    options: { check: text('server', 'ask this server (default: the first of the node, see minosctl get timeservers)') },
    examples: ['minosctl time', 'minosctl -n 10.5.0.3 time --check 10.5.0.1'],
    load: async () => (await import('../commands/time.ts')).time,
  }),
  defineCommand({
    path: ['inspect', 'dependencies'],
    summary: 'print which controllers of a node read and write what, for Graphviz',
    options: {},
    examples: ['minosctl -n 10.5.0.2 inspect dependencies', 'minosctl -n 10.5.0.2 inspect dependencies -o json'],
    load: async () => (await import('../commands/inspect-dependencies.ts')).inspectDependencies,
  }),
  defineCommand({
    path: ['support'],
    summary: 'collect logs, resources and state of the nodes into one zip, without secrets',
    details:
      'Resources of sensitive types are left out but for their names, the machine configuration is redacted. What a node does not give is named in summary.txt; then the exit code is 1, and the zip has the rest.',
    options: {
      output: text('file', 'where to write (default: support-<cluster>.zip)', { short: 'O' }),
      'num-workers': number('count', 1, 'how many files of a node are collected at the same time', { short: 'w' }),
      verbose: flag('a line for each file that is done', { short: 'v' }),
      force: flag('replace the file if it is there already, without asking'),
    },
    isForMaintenance: true,
    examples: ['minosctl support', 'minosctl -n 10.5.0.3 support -O worker.zip --num-workers 4'],
    load: async () => (await import('../commands/support.ts')).support,
  }),
  defineCommand({
    path: ['health'],
    summary: 'let a control plane look after the whole cluster',
    options: {
      'wait-timeout': defaultText('time', '20m', 'how long it may take until all is well'),
      'control-plane-nodes': list('node,…', 'control planes (default: those that the node knows)'),
      'worker-nodes': list('node,…', 'workers (default: those that the node knows)'),
    },
    examples: ['minosctl -n 10.5.0.2 health', 'minosctl -n 10.5.0.2 health --wait-timeout 30s'],
    load: async () => (await import('../commands/health.ts')).health,
  }),
];
