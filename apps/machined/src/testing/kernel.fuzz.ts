import { type FuzzRandom, fuzzTarget } from '@minos/testkit';
import { kernelAddress } from '../metal/kernel-address.ts';
import { configArguments, parseCommandLine } from '../metal/kernel-command-line.ts';

const WORDS = [
  ...[
    'console=ttyS0',
    'quiet',
    'talos.config=http://10.5.0.1/c.yaml',
    'minos.config=none',
    'talos.config.inline=KLUv/SQA',
    'ip=',
  ],
  ...[
    'ip=10.5.0.2::10.5.0.1:255.255.255.0:n:eth0:off:10.5.0.1',
    'ip=dhcp',
    'ip=:::::::::::',
    'a="b c',
    'a="b c" d',
    '=x',
    '"',
    '""',
    '==',
    'x=y=z',
  ],
  ...[
    'ip=1.2.3.4:::255.0.255.0::eth0',
    'ip=::1:::ffff::eth0',
    '__proto__=1',
    '\u00a0',
    '\t',
    '\0',
    'x'.repeat(5000),
    'talos.config=',
    '"a=b',
  ],
];

function line(random: FuzzRandom): string {
  const words = Array.from({ length: random.below(12) }, () => random.pick(WORDS));
  const text = words.join(random.pick([' ', '  ', '\n', '']));
  const at = random.below(text.length + 1);
  return random.oneIn(2) ? text : text.slice(0, at) + random.pick(['"', ' ', '=', ':', '\0', '%']) + text.slice(at);
}

/** Any text is a kernel command line, whose words hold no blanks outside of quotes; an address that it gives is one. */
export const target = fuzzTarget<string>({
  generate: line,
  check: (text) => {
    const words = parseCommandLine(text);
    if (words.some(([name]) => name.includes('='))) throw new Error(`a name with an equals sign: ${JSON.stringify(words)}`);
    if (words.some((word) => word.join('').includes('"'))) throw new Error(`a word with a quote: ${JSON.stringify(words)}`);
    const { ip, source } = configArguments(text);
    if (source === '') throw new Error('a source without a place');
    const network = ip === undefined ? undefined : kernelAddress(ip);
    for (const { addresses } of network?.links ?? []) {
      for (const { prefix } of addresses) {
        if (!/^\d+\.\d+\.\d+\.\d+\/([0-9]|[12]\d|3[0-2])$/.test(prefix)) throw new Error(`no prefix: ${prefix}`);
      }
    }
  },
});
