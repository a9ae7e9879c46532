/** An entry to put into an archive. */
export interface TarPart {
  readonly name: string;
  readonly body?: string;
  /** ustar type flag; a file when absent. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
}

const BLOCK = 512;

/** The bytes of an uncompressed archive, with names as they are given, wicked ones too. */
export function makeTar(parts: readonly TarPart[]): Buffer {
  return Buffer.concat([...parts.map(entry), Buffer.alloc(2 * BLOCK)]);
}

function entry({ name, body = '', type = '0', link = '', mode = 0o644 }: TarPart): Buffer {
  const data = Buffer.from(body);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write(mode.toString(8).padStart(7, '0'), 100);
  header.write(data.length.toString(8).padStart(11, '0'), 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}
