import { ConnectionError, ErrorCode } from './error-code.ts';

// The code of RFC 7541 appendix B is canonical: the length of each symbol's code (base 36 digits, symbol 256 = EOS last) says all.
const LENGTHS =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6cad67777777777777777777777878djde6f565656665776665676' +
  '55677777fbedskmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmnqqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklml' +
  'lnmmppooqnqrqqrrrrrsrrrrrqu';
const EOS = 256;
const LONGEST = 30;

interface Tables {
  /** By code length: the first code, how many there are, and where their symbols start. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly start: Int32Array;
  readonly symbols: Uint16Array;
  /** Eight bits of input → length << 8 | symbol for codes of at most eight bits, 0 for longer ones. */
  readonly short: Uint16Array;
}

const TABLES = build();

function build(): Tables {
  const tables: Tables = {
    first: new Int32Array(LONGEST + 2),
    count: new Int32Array(LONGEST + 2),
    start: new Int32Array(LONGEST + 2),
    symbols: new Uint16Array(EOS + 1),
    short: new Uint16Array(256),
  };
  let found = 0;
  let code = 0;
  for (let length = 5; length <= LONGEST; length++) {
    tables.first[length] = code;
    tables.start[length] = found;
    for (let symbol = 0; symbol <= EOS; symbol++) {
      if (Number.parseInt(LENGTHS.charAt(symbol), 36) !== length) continue;
      if (length <= 8) tables.short.fill((length << 8) | symbol, code << (8 - length), (code + 1) << (8 - length));
      tables.symbols[found++] = symbol;
      code++;
    }
    tables.count[length] = found - (tables.start[length] ?? 0);
    code <<= 1;
  }
  return tables;
}

/** Decodes bytes [start, end) of a Huffman-coded string literal. Throws a ConnectionError `compressionError` when they are not one. */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string {
  // The shortest code has five bits.
  const text = Buffer.allocUnsafe(Math.floor(((end - start) * 8) / 5) + 1);
  const stop = end * 8;
  let length = 0;
  let bit = start * 8;
  while (bit < stop) {
    const at = bit >> 3;
    const window = (((bytes[at] ?? 0) << 8) | (at + 1 < end ? (bytes[at + 1] ?? 0) : 255)) >> (8 - (bit & 7));
    const short = TABLES.short[window & 255] ?? 0;
    if (short !== 0 && bit + (short >> 8) <= stop) {
      text[length++] = short & 255;
      bit += short >> 8;
      continue;
    }
    const next = decodeLong(bytes, bit, stop);
    if (next === undefined) break;
    text[length++] = next.symbol;
    bit += next.length;
  }
  return text.toString('latin1', 0, length);
}

/** One code of any length at a bit position; undefined when what is left is padding. */
function decodeLong(bytes: Buffer, from: number, stop: number): { symbol: number; length: number } | undefined {
  let code = 0;
  let length = 0;
  for (let bit = from; bit < stop; bit++) {
    code = (code << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    if (++length > LONGEST) throw new ConnectionError(ErrorCode.compressionError, 'huffman code is too long');
    const offset = code - (TABLES.first[length] ?? 0);
    if (offset >= (TABLES.count[length] ?? 0)) continue;
    const symbol = TABLES.symbols[(TABLES.start[length] ?? 0) + offset] ?? EOS;
    if (symbol === EOS) throw new ConnectionError(ErrorCode.compressionError, 'huffman string holds EOS');
    return { symbol, length };
  }
  if (length > 7 || code !== (1 << length) - 1) throw new ConnectionError(ErrorCode.compressionError, 'huffman padding');
  return undefined;
}
