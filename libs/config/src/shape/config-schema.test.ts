import { expect, test } from '@jest/globals';
import { FuzzRandom } from '@minos/testkit';
import { parseDocuments } from '../read-documents.ts';
import { schemaAndParser } from '../testing/schema-agreement.ts';
import { isValid, SCHEMA } from '../testing/schema-check.ts';
import { shapeDocument } from '../testing/shape-document.ts';
import { testCluster } from '../testing/test-cluster.ts';
import { documentKinds, documentShape, LEGACY_KIND } from './document-kinds.ts';

const DOCUMENTS = 20;

test.each([LEGACY_KIND, ...documentKinds()])('schema and parser agree about documents of kind %s', (kind) => {
  const shape = documentShape(kind);
  if (shape === undefined) throw new Error('no shape');
  const random = new FuzzRandom(kind.length);
  for (let i = 0; i < DOCUMENTS; i++) {
    const document = shapeDocument(kind, shape, (below) => random.below(below));
    const { schema, problems } = schemaAndParser(document);
    expect([schema, problems.slice(0, 3), document]).toEqual([problems.length === 0, problems.slice(0, 3), document]);
  }
});

test('generated configurations are right by the schema, and an unknown kind or key is not', async () => {
  const cluster = await testCluster();
  for (const text of [cluster.controlplane, cluster.worker]) {
    const parsed = parseDocuments(text, { isPatch: false });
    if (!parsed.ok) throw new Error('the configuration is wrong');
    for (const { node } of parsed.value) expect(isValid(SCHEMA, node.toJS())).toBe(true);
  }
  expect(isValid(SCHEMA, { apiVersion: 'v1alpha1', kind: 'WishConfig' })).toBe(false);
  expect(isValid(SCHEMA, { apiVersion: 'v1alpha1', kind: 'HostnameConfig', hostnam: 'a' })).toBe(false);
});
