// Regenerates libs/api/src/gen from proto/. With --check it changes nothing and fails when something would change.
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { writeEntries } from './entries.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'libs/api/src/gen');

const OPTIONS = [
  'outputServices=generic-definitions',
  'outputJsonMethods=false',
  'lowerCaseServiceMethods=false',
  'esModuleInterop=true',
  'env=node',
  'importSuffix=.ts',
  'forceLong=bigint',
  'enumsAsLiterals=true',
  'useExactTypes=false',
  'useDate=false',
  'oneof=unions-value',
  'unrecognizedEnum=false',
  'removeEnumPrefix=false',
];

async function list(dir: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: dir })) found.push(file);
  return found.sort();
}

async function generate(into: string): Promise<void> {
  const protos = await list(join(root, 'proto'), '**/*.proto');
  const bin = join(root, 'node_modules/.bin');
  await run(
    process.execPath,
    [
      join(root, 'node_modules/protoc/protoc.cjs'),
      `--plugin=protoc-gen-ts_proto=${join(bin, 'protoc-gen-ts_proto')}`,
      `--ts_proto_out=${into}`,
      `--ts_proto_opt=${OPTIONS.join(',')}`,
      `-I${join(root, 'proto')}`,
      ...protos,
    ],
    { cwd: root, env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }, maxBuffer: 1 << 26 },
  );
  await run(
    process.execPath,
    [
      join(root, 'node_modules/protoc/protoc.cjs'),
      `--descriptor_set_out=${join(into, 'descriptors.binpb')}`,
      '--include_imports',
      `-I${join(root, 'proto')}`,
      ...protos,
    ],
    { cwd: root },
  );
  await writeEntries(into, await list(into, '**/*.ts'));
}

async function differences(fresh: string): Promise<string[]> {
  const now = new Set(await list(fresh, '**/*'));
  const then = new Set(await list(target, '**/*'));
  const out: string[] = [];
  for (const file of new Set([...now, ...then])) {
    const [a, b] = await Promise.all([fresh, target].map((dir) => readFile(join(dir, file)).catch(() => undefined)));
    if (!(a === undefined && b === undefined) && (a === undefined || b === undefined || !a.equals(b))) out.push(file);
  }
  return out;
}

async function main(): Promise<number> {
  const temp = await mkdtemp(join(tmpdir(), 'minos-gen-'));
  try {
    const fresh = join(temp, 'gen');
    await mkdir(fresh, { recursive: true });
    await generate(fresh);
    const changed = await differences(fresh);
    if (process.argv.includes('--check')) {
      for (const file of changed) process.stderr.write(`${relative(root, join(target, file))} is not what proto/ generates\n`);
      if (changed.length > 0) process.stderr.write('run: npx node tools/gen/proto.ts, and commit the result\n');
      return changed.length > 0 ? 1 : 0;
    }
    if (changed.length > 0) {
      await rm(target, { recursive: true, force: true });
      await cp(fresh, target, { recursive: true });
      await writeFile(join(target, '.gitattributes'), '* linguist-generated=true\n');
    }
    process.stdout.write(`${changed.length} generated files changed\n`);
    return 0;
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

process.exitCode = await main();
