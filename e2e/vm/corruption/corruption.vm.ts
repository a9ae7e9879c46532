import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, type TempDir, tempDir } from '@minos/testkit';
import { buildVm, IMAGE, startVm } from '../harness/vm.ts';
import { dataBlocks, type ImagePart, imageParts, lostBlocks, seededRandom } from './image-parts.ts';

const SEED = Number(process.env['MINOS_SEED'] ?? 1);
const PLACES = Number(process.env['MINOS_PLACES'] ?? 50);
const WITHIN = { withinMs: 90_000, everyMs: 50 };
const REFUSED = /\[minos\] stage 1: (image refused: .*|no disk has an image)/;

interface Changed {
  readonly part: ImagePart;
  readonly place: number;
}

/** What became of a machine: why stage 1 refused its image, or how many blocks verity handed out and which not. */
type Fate = { readonly refused: string } | { readonly blocks: number; readonly unreadable: readonly number[] };

let temp: TempDir;
let original: Buffer;
let port = 21_570;
beforeAll(async () => {
  await buildVm();
  temp = await tempDir('corruption');
  original = await readFile(IMAGE);
}, 180_000);
afterAll(async () => {
  await temp?.[Symbol.asyncDispose]();
});

/** Boots an image, and reads all of it through verity before anything else has a say. */
async function fateOf(image: string): Promise<Fate> {
  port += 1;
  await using vm = await startVm({
    name: 'minos-scan',
    port,
    image,
    dir: join(temp.path, 'vm'),
    isKept: false,
    kernelArguments: ['--', 'scan'],
  });
  return await eventually(() => {
    const scanned = vm.agent.lines().find((line) => line.startsWith('scanned'));
    if (scanned !== undefined) {
      const unreadable = vm.agent.lines().flatMap((line) => (line.startsWith('unreadable') ? [Number(line.split(' ')[1])] : []));
      return { blocks: Number(scanned.split(' ')[1]), unreadable };
    }
    const refused = REFUSED.exec(vm.console())?.[1]?.trim();
    // A tree that cannot be read makes the mount fail while the scan goes on.
    if (refused === undefined || refused.includes('mount')) throw new Error(`nothing known yet:\n${vm.console().slice(-2000)}`);
    return { refused };
  }, WITHIN);
}

async function withByteChanged({ place }: Changed, random: () => number): Promise<string> {
  const file = join(temp.path, 'changed.img');
  await writeFile(file, original);
  await using handle = await open(file, 'r+');
  const byte = Buffer.from([(original[place] ?? 0) ^ (1 + Math.floor(random() * 255))]);
  await handle.write(byte, 0, 1, place);
  return file;
}

function expectKept(fate: Fate, { part, place }: Changed): void {
  if (part.name === 'root hash' || part.name === 'signature') {
    expect(fate).toEqual({ refused: 'image refused: the signature of its root hash is wrong' });
    return;
  }
  // The first bytes of a squashfs lead to the seal; without them there is none.
  if ('refused' in fate) {
    expect(place).toBeLessThan(96);
    return;
  }
  const [first, last] = lostBlocks(place, part, dataBlocks(original));
  expect(fate.unreadable).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

test('the image as it was built is read to the last block', async () => {
  expect(await fateOf(IMAGE)).toEqual({ blocks: dataBlocks(original), unreadable: [] });
});

test(`one byte changed at ${PLACES} places: the image is refused, or just what the byte belongs to cannot be read`, async () => {
  const random = seededRandom(SEED);
  const parts = imageParts(original);
  const fates = new Map<string, number>();
  for (let i = 0; i < PLACES; i += 1) {
    const part = parts[i % parts.length];
    if (part === undefined) throw new Error('the image has no parts');
    const changed: Changed = { part, place: part.from + Math.floor(random() * part.length) };
    const fate = await fateOf(await withByteChanged(changed, random));
    const outcome = 'refused' in fate ? 'refused' : 'not readable';
    fates.set(`${part.name}: ${outcome}`, (fates.get(`${part.name}: ${outcome}`) ?? 0) + 1);
    try {
      expectKept(fate, changed);
    } catch (e) {
      throw new Error(`seed ${SEED}, place ${i}: byte ${changed.place} of ${part.name}`, { cause: e });
    }
  }
  process.stdout.write(`seed ${SEED}: ${[...fates].map(([what, count]) => `${what} ${count}`).join(', ')}\n`);
}, 3_600_000);
