/** One MUST of RFC 7541 for a decoder: blocks in hex that come one after the other, and what the last one gives. */
export interface HpackRule {
  readonly section: string;
  readonly must: string;
  readonly blocks: readonly string[];
  /** `name: value` of each field, with a trailing `!` where it must never be indexed; undefined: COMPRESSION_ERROR. */
  readonly gives: readonly string[] | undefined;
}

const rule = (section: string, must: string, blocks: readonly string[], gives: HpackRule['gives']): HpackRule => ({
  section: `H${section}`,
  must,
  blocks,
  gives,
});
const AB = '4001610162';
const CD = '4001630164';
const REQUEST = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const long = (bytes: number): string => '62'.repeat(bytes);

/** RFC 7541 for decoders. What is not in a table, an integer or a string as it says is an error. */
export const HPACK_RULES: readonly HpackRule[] = [
  rule('2.1', 'fields keep their order', ['8284', '84', '8482'], [':path: /', ':method: GET']),
  rule('2.1', 'a field may come twice', [`${AB}be`], ['a: b', 'a: b']),
  rule('2.3.2', 'the newest entry has the lowest index', [AB, CD, 'bebf'], ['c: d', 'a: b']),
  rule('2.3.2', 'an entry may be in the table twice', [AB, AB, 'bebf'], ['a: b', 'a: b']),
  rule('2.3.3', 'index 61 is the last of the static table', ['bd'], ['www-authenticate: ']),
  rule('2.3.3', 'index 62 is the first of the dynamic table', [AB, 'be'], ['a: b']),
  rule('2.3.3', 'an index beyond the tables is an error', ['be'], undefined),
  rule('2.3.3', 'an index beyond the entries is an error', [AB, 'bf'], undefined),
  rule('2.3.3', 'a name index beyond the tables is an error', ['7f00'], undefined),
  rule('3.2', 'an error in the middle of a block is an error of the block', ['82ff00'], undefined),
  rule('4.1', 'an entry counts its length and 32 bytes', [`3f0f${AB}${CD}bf`], undefined),
  rule('4.2', 'a size update within the limit is taken', ['3fe11f82'], [':method: GET']),
  rule('4.2', 'a size update above the limit is an error', ['3fe21f82'], undefined),
  rule('4.2', 'a size update must come first in a block', ['8220'], undefined),
  rule('4.2', 'two size updates may begin a block', ['203fe11f82'], [':method: GET']),
  rule('4.3', 'a smaller size evicts what does not fit', [AB, '20', '3fe11fbe'], undefined),
  rule('4.3', 'what fits into a smaller size stays', [AB, '3f0382', 'be'], ['a: b']),
  rule('4.4', 'the oldest entries go first', ['3f2a', AB, CD, '4001650166', 'bebf'], ['e: f', 'c: d']),
  rule('4.4', 'what was evicted has no index', ['3f2a', AB, CD, '4001650166', 'c0'], undefined),
  rule(
    '4.4',
    'an entry larger than the table empties it, which is no error',
    [AB, `3f034001787f01${long(128)}`],
    [`x: ${'b'.repeat(128)}`],
  ),
  rule('4.4', 'after that the table is empty', [AB, `3f034001787f01${long(128)}`, 'be'], undefined),
  rule('4.4', 'a new entry may take its name from one that it evicts', ['3f03', AB, '7e0163', 'be'], ['a: c']),
  rule('5.1', 'an integer below its prefix is one byte', ['82'], [':method: GET']),
  rule('5.1', 'an integer of more bytes is read to its end', [`0001617fba09${long(1337)}`], [`a: ${'b'.repeat(1337)}`]),
  rule('5.1', 'an integer may end in zeros', [`0001617f8000${long(127)}`], [`a: ${'b'.repeat(127)}`]),
  rule('5.1', 'an integer that does not end is an error', ['7f8080808080'], undefined),
  rule('5.1', 'an integer that is too large is an error', ['7fffffffffffffffff7f'], undefined),
  rule('5.1', 'an integer that the block cuts short is an error', ['ff'], undefined),
  rule('5.2', 'a string longer than its block is an error', ['40036162'], undefined),
  rule('5.2', 'a missing value is an error', ['400161'], undefined),
  rule('5.2', 'an empty string is fine', ['40016100'], ['a: ']),
  rule('5.2', 'Huffman code is read', ['0001618cf1e3c2e5f23a6ba0ab90f4ff'], ['a: www.example.com']),
  rule('5.2', 'padding of ones is taken', ['400161811f'], ['a: a']),
  rule('5.2', 'padding of more than seven bits is an error', ['400161821fff'], undefined),
  rule('5.2', 'padding that is not the beginning of EOS is an error', ['4001618118'], undefined),
  rule('5.2', 'EOS inside a string is an error', ['40016184ffffffff'], undefined),
  rule('5.2', 'a whole byte of padding is an error', ['40016181ff'], undefined),
  rule('6.1', 'index 0 is an error', ['80'], undefined),
  rule('6.1', 'an indexed field is its entry', ['88'], [':status: 200']),
  rule(
    '6.2.1',
    'a literal with indexing is added',
    ['400a637573746f6d2d6b65790d637573746f6d2d686561646572', 'be'],
    ['custom-key: custom-header'],
  ),
  rule('6.2.1', 'its name may be an index', ['44012f', 'be'], [':path: /']),
  rule('6.2.2', 'a literal without indexing is not added', ['040c2f73616d706c652f70617468', 'be'], undefined),
  rule('6.2.2', 'a literal without indexing is read', ['040c2f73616d706c652f70617468'], [':path: /sample/path']),
  rule('6.2.3', 'a literal that must never be indexed says so', ['100870617373776f726406736563726574'], ['password: secret!']),
  rule('6.2.3', 'and is not added', ['100870617373776f726406736563726574', 'be'], undefined),
  rule('6.2.3', 'its name may be an index', ['14012f'], [':path: /!']),
  rule('6.3', 'a size update may be 0', ['20', '82'], [':method: GET']),
  rule(
    'C.3',
    'requests without Huffman code, one after the other',
    ['828684410f7777772e6578616d706c652e636f6d', '828684be58086e6f2d6361636865'],
    [...REQUEST, 'cache-control: no-cache'],
  ),
  rule(
    'C.4',
    'requests with Huffman code, one after the other',
    ['828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf'],
    [...REQUEST, 'cache-control: no-cache'],
  ),
  rule(
    'C.5',
    'an answer without Huffman code, in a table of 256 bytes',
    [
      '3fe101',
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
      '4803333037c1c0bf',
    ],
    [':status: 307', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  ),
  rule(
    'C.6',
    'an answer with Huffman code, in a table of 256 bytes',
    [
      '3fe101',
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
      '4883640effc1c0bf',
    ],
    [':status: 307', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  ),
  rule(
    'A',
    'the static table has its names and values',
    ['8182838485868788898a8b8c8d8e8f90'],
    [
      ':authority: ',
      ':method: GET',
      ':method: POST',
      ':path: /',
      ':path: /index.html',
      ':scheme: http',
      ':scheme: https',
      ':status: 200',
      ':status: 204',
      ':status: 206',
      ':status: 304',
      ':status: 400',
      ':status: 404',
      ':status: 500',
      'accept-charset: ',
      'accept-encoding: gzip, deflate',
    ],
  ),
  rule('B', 'the longest codes are read', ['00016184fffffff300016184fffffffb'], ['a: \n', 'a: \x16']),
];
