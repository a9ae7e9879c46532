import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { readWireTable, wireTableOf } from './wire-table.ts';

const here = (name: string): URL => new URL(name, import.meta.url);
const files = fromBinary(FileDescriptorSetSchema, readFileSync(here('./gen/descriptors.binpb'))).file;
const tableIn = (name: string) => readWireTable(readFileSync(here(`./wire/${name}.wire.txt`), 'utf8'));

/** Which table speaks for a package; ours (`minos.*`) may change, so there is none. */
function tableFor(pkg: string): string | undefined {
  if (pkg.startsWith('minos.')) return undefined;
  if (pkg.startsWith('cosi.')) return 'cosi';
  if (pkg.startsWith('google.') || pkg.startsWith('grpc.')) return 'well-known';
  return pkg.startsWith('talos.') ? 'resource-specs' : 'machine-api';
}

test.each(['machine-api', 'resource-specs', 'cosi', 'well-known'])(
  'proto/ says what the table %p says, no more and no less',
  (name) => {
    const ours = wireTableOf(files.filter((file) => tableFor(file.package) === name));
    expect([...ours].sort()).toEqual([...tableIn(name)].sort());
  },
);

test('a difference in a number, a label, a oneof or a stream is seen', () => {
  const [image] = files.filter((file) => file.name === 'machine/image.proto');
  const table = wireTableOf(image === undefined ? [] : [image]);
  expect(table.get('message machine.ImageServicePullResponse')).toEqual([
    '1 name: string in response',
    '2 pull_progress: machine.ImageServicePullProgress in response',
  ]);
  expect(table.get('message machine.ImageServiceListResponse')).toContain('5 labels: map<string,string>');
  expect(table.get('service machine.ImageService')).toContain(
    'Import: stream machine.ImageServiceImportRequest -> machine.ImageServiceImportResponse',
  );
});
