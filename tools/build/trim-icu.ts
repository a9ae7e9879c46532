import { Fault } from '@minos/base';

/** `dataFormat` of a package of ICU data, unicode/udata.h and ICU's ucmndata.h; the header in front of it has `0xda 0x27` at 2, and its own length at 0. */
const FORMAT = Buffer.from('CmnD');
const FORMAT_AT = 12;
const MAGIC = 0x27da;

/** Languages other than English: their texts, their calendars, how they sort. */
const LANGUAGE = /^(?!(root|pool|en|en_001|en_US|en_US_POSIX|res_index)\.res$)[a-z]{2,3}(_[A-Za-z0-9]+)*\.res$/;

/** Whether a thing of the package, by its path in it, is of use to a program that speaks English and UTF-8 and transliterates nothing. */
export function isWantedIcuItem(path: string): boolean {
  const [folder, name] = path.includes('/') ? [path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1)] : ['', path];
  if (folder === 'translit' || folder === 'rbnf') return name === 'root.res' && folder === 'rbnf';
  return !LANGUAGE.test(name) && !name.endsWith('.cnv') && !name.endsWith('.dict');
}

/**
 * Takes what is not wanted out of the ICU data inside a program, in place: out of the table of contents, and its bytes become zeros, so that
 * nothing moves and the program packs to less. Returns the bytes that are zeros now. Throws a Fault when the program has no such data.
 */
export function trimIcu(program: Buffer, isWanted: (path: string) => boolean): number {
  const table = tableOf(program);
  const count = program.readUInt32LE(table);
  const rows = Array.from({ length: count }, (_, i) => {
    const at = table + 4 + i * 8;
    const name = table + program.readUInt32LE(at);
    return {
      name: program.toString('latin1', name, program.indexOf(0, name)),
      row: program.subarray(at, at + 8),
      data: program.readUInt32LE(at + 4),
    };
  });
  let kept = 0;
  let freed = 0;
  const saved = rows.map(({ row }) => Buffer.from(row));
  for (const [i, { name, data }] of rows.entries()) {
    const next = rows[i + 1];
    // How long the last one is, the table does not say.
    if (next === undefined || isWanted(name.slice(name.indexOf('/') + 1))) {
      saved[i]?.copy(program, table + 4 + kept * 8);
      kept += 1;
    } else {
      program.fill(0, table + data, table + next.data);
      freed += next.data - data;
    }
  }
  program.writeUInt32LE(kept, table);
  return freed;
}

function tableOf(program: Buffer): number {
  for (let at = program.indexOf(FORMAT); at >= 0; at = program.indexOf(FORMAT, at + 1)) {
    const header = at - FORMAT_AT;
    if (header >= 0 && program.readUInt16LE(header + 2) === MAGIC) return header + program.readUInt16LE(header);
  }
  throw new Fault('invalid', 'the program has no ICU data inside');
}
