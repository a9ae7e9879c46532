import { commitOf } from './commit-of.ts';
import { sha256Of } from './package-archive.ts';
import type { UnpackedPackages } from './package-store.ts';
import { debianParts } from './sbom-debian.ts';
import { npmParts } from './sbom-npm.ts';
import type { SbomPart } from './sbom-part.ts';

/** What a bill of materials is made of. */
export interface SbomOptions {
  /** The root of the checkout. */
  readonly root: string;
  readonly packages: UnpackedPackages;
  /** The packed root. */
  readonly file: string;
}

/** The bill of materials of an image: SPDX 2.3 in JSON; of the time of the commit, so that the same commit has the same one. */
export async function imageSbom({ root, packages, file }: SbomOptions): Promise<object> {
  const commit = await commitOf(root);
  const sha256 = await sha256Of(file);
  const image = part('minos-image', commit.name, { license: 'NOASSERTION', checksums: [{ algorithm: 'SHA256', value: sha256 }] });
  const ours = part('minos', commit.name, { license: 'Apache-2.0', checksums: [] });
  const inside = [ours, ...(await debianParts(packages)), ...(await npmParts(root))];
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'minos-image',
    documentNamespace: `https://spdx.org/spdxdocs/minos-image-${sha256}`,
    creationInfo: { created: commit.time === 'unknown' ? '1970-01-01T00:00:00Z' : commit.time, creators: ['Tool: minos-image'] },
    packages: [image, ...inside].map(spdxPackage),
    relationships: [
      relationship('SPDXRef-DOCUMENT', 'DESCRIBES', idOf(image)),
      ...inside.map((p) => relationship(idOf(image), 'CONTAINS', idOf(p))),
    ],
  };
}

function part(name: string, version: string, rest: Pick<SbomPart, 'license' | 'checksums'>): SbomPart {
  return { name, version, supplier: 'NOASSERTION', comment: undefined, purl: undefined, ...rest };
}

function idOf({ name, purl }: SbomPart): string {
  return `SPDXRef-${(purl ?? name).replace(/[^a-zA-Z0-9.-]+/g, '-')}`;
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): object {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function spdxPackage(p: SbomPart): object {
  return {
    name: p.name,
    SPDXID: idOf(p),
    versionInfo: p.version,
    supplier: p.supplier,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(p.checksums.length === 0
      ? {}
      : { checksums: p.checksums.map(({ algorithm, value }) => ({ algorithm, checksumValue: value })) }),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: p.license,
    ...(p.comment === undefined ? {} : { licenseComments: p.comment }),
    copyrightText: 'NOASSERTION',
    ...(p.purl === undefined
      ? {}
      : { externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: p.purl }] }),
  };
}
