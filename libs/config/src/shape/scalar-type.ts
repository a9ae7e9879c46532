import { isIP } from 'node:net';
import type { YamlMap, YamlValue } from '../yaml-value.ts';

/** What a scalar in YAML is: the value of the core schema, and its text as written. */
export interface ScalarText {
  readonly value: unknown;
  readonly text: string;
}

/** A fragment of a JSON Schema (draft-07). */
export type JsonSchema = YamlMap;

/** Decides about one kind of scalar. */
export interface ScalarType {
  /** What would have been right. */
  readonly expected: string;
  /** Whether the wrong value may be shown in a problem; false where it could be a secret. */
  readonly isShown: boolean;
  /** What of it a JSON Schema can say; never narrower than `read`. */
  readonly schema: JsonSchema;
  /** The value, or undefined when it is not one. */
  read(scalar: ScalarText): YamlValue | undefined;
}

const TRUE = new Set(['true', 'yes', 'on', 'y']);
const FALSE = new Set(['false', 'no', 'off', 'n']);
const DURATION = /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/;
const BYTES = /^-?\d+(\.\d+)?\s*([kmgtpe]i?b?|b|%)?$/i;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}$/;
const MAC = /^([0-9a-f]{2}[:-])*[0-9a-f]{2}$/i;
const TABLES: YamlMap = { unspec: 0, default: 253, main: 254, local: 255 };

function textType(expected: string, isRight: (text: string) => boolean, isShown = true): ScalarType {
  return {
    expected,
    isShown,
    schema: { type: ['string', 'number', 'boolean'] },
    read: ({ text }) => (isRight(text) ? text : undefined),
  };
}

function integerType(low: number, high: number): ScalarType {
  return {
    expected: `a whole number from ${low} to ${high}`,
    isShown: true,
    schema: { anyOf: [{ type: 'integer', minimum: low, maximum: high }, { const: '' }] },
    read: ({ value }) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high ? value : undefined,
  };
}

/** One of some words; exact first, then without regard to case. */
function wordType(...words: readonly string[]): ScalarType {
  return {
    expected: `one of ${words.join(', ')}`,
    isShown: true,
    schema: { anyOf: [{ enum: [...words, ''] }, { type: 'string', pattern: wordsPattern(words) }] },
    read: ({ text }) => words.find((w) => w === text) ?? words.find((w) => w.toLowerCase() === text.toLowerCase()),
  };
}

/** The words in upper or lower case, as JSON Schema has no flag for that. */
function wordsPattern(words: readonly string[]): string {
  const letter = (c: string): string =>
    /[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : /[\w-]/.test(c) ? c : `\\${c}`;
  return `^(${words.map((word) => [...word].map(letter).join('')).join('|')})$`;
}

/** Whether a text is an address prefix such as `10.5.0.2/24`. */
export function isPrefix(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%') || !/^\d{1,3}$/.test(length)) return false;
  return Number(length) <= (family === 4 ? 32 : 128);
}

/** Whether a text is `address:port`, the address of version 6 in brackets. */
export function isAddressPort(text: string): boolean {
  const m = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  return m !== null && isIP(m[1] ?? m[2] ?? '') !== 0 && Number(m[3]) <= 65535;
}

function isPortRange(text: string): boolean {
  const m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  return m !== null && Number(m[1]) <= Number(m[2] ?? m[1]) && Number(m[2] ?? m[1]) <= 65535;
}

function readBool({ value, text }: ScalarText): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (TRUE.has(text.toLowerCase())) return true;
  return FALSE.has(text.toLowerCase()) ? false : undefined;
}

function readTable({ text }: ScalarText): YamlValue | undefined {
  return TABLES[text.toLowerCase()] ?? (/^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined);
}

/** Every scalar type that shapes name. `any` and `args` are not scalars and are known to the checker itself. */
export const SCALAR_TYPES: ReadonlyMap<string, ScalarType> = new Map(
  Object.entries<ScalarType>({
    str: textType('text', () => true),
    bool: {
      expected: 'true or false',
      isShown: true,
      schema: { anyOf: [{ type: 'boolean' }, { type: 'string', pattern: wordsPattern([...TRUE, ...FALSE, '']) }] },
      read: readBool,
    },
    int: integerType(-2147483648, 2147483647),
    int32: integerType(-2147483648, 2147483647),
    uint: integerType(0, 4294967295),
    uint8: integerType(0, 255),
    uint16: integerType(0, 65535),
    uint32: integerType(0, 4294967295),
    uint64: integerType(0, Number.MAX_SAFE_INTEGER),
    mode: {
      expected: 'file permissions',
      isShown: true,
      schema: { type: ['string', 'integer'] },
      read: ({ text }) => (/^(0o?)?[0-7]{1,5}$/.test(text) ? text : undefined),
    },
    dur: textType('a duration such as 1h30m', (t) => t === '0' || DURATION.test(t)),
    bytes: textType('a size such as 10GiB', (t) => BYTES.test(t)),
    ip: textType('an IP address', (t) => isIP(t) !== 0),
    cidr: textType('an address prefix such as 10.5.0.0/24', isPrefix),
    ipport: textType('an address and port such as 10.5.0.2:51820', isAddressPort),
    mac: textType('a hardware address', (t) => MAC.test(t)),
    url: textType('a URL', (t) => URL.canParse(t), false),
    b64: textType('base64 text', (t) => BASE64.test(t.trim()), false),
    portrange: textType('a port or a range of ports such as 8000-8080', isPortRange),
    table: {
      expected: 'a routing table: unspec, default, main, local or 0 to 255',
      isShown: true,
      schema: { type: ['string', 'integer'] },
      read: readTable,
    },
    BondMode: wordType('balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'),
    BondXmitHashPolicy: wordType('layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac'),
    ARPValidate: wordType('none', 'active', 'backup', 'all', 'filter', 'filter-active', 'filter-backup'),
    ARPAllTargets: wordType('any', 'all'),
    LACPRate: wordType('slow', 'fast'),
    FailOverMAC: wordType('none', 'active', 'follow'),
    ADSelect: wordType('stable', 'bandwidth', 'count'),
    ADLACPActive: wordType('off', 'on'),
    PrimaryReselect: wordType('always', 'better', 'failure'),
    ClientIdentifier: wordType('none', 'mac', 'duid'),
    WOLMode: wordType('phy', 'unicast', 'multicast', 'broadcast', 'magic', 'magicsecure', 'filter'),
    AutoHostnameKind: wordType('stable', 'off'),
    DNSProtocol: wordType('Do53', 'DoT', 'DoH'),
    DefaultAction: wordType('accept', 'block'),
    RoutingRuleAction: wordType('unicast', 'blackhole', 'unreachable', 'prohibit'),
    Protocol: wordType('tcp', 'udp', 'icmp', 'icmpv6'),
    VLANProtocol: wordType('802.1q', '802.1ad'),
  }),
);
