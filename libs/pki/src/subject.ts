import { childrenOf, contentOf, type Der, oid, oidOf, sequence, set, text } from './der.ts';

/** Who a certificate or a request is about. */
export interface Subject {
  readonly commonName?: string;
  /** One value for each Organization attribute; in client certificates, the roles. */
  readonly organizations?: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** The Name of a subject: all organizations in one relative name, sorted, then the common name. */
export function subjectName(subject: Subject): Der {
  const organizations = [...new Set(subject.organizations ?? [])].sort();
  const parts: Der[] = [];
  if (organizations.length > 0) parts.push(set(...organizations.map((o) => sequence(oid(ORGANIZATION), text(o)))));
  if (subject.commonName !== undefined && subject.commonName !== '') {
    parts.push(set(sequence(oid(COMMON_NAME), text(subject.commonName))));
  }
  return sequence(...parts);
}

/** The same Name without Organization attributes; every other attribute stays as it is. */
export function withoutOrganizations(name: Der): Der {
  const kept = childrenOf(name).map((relative) =>
    set(...childrenOf(relative).filter((attribute) => oidOf(childrenOf(attribute)[0]) !== ORGANIZATION)),
  );
  return sequence(...kept.filter((relative) => childrenOf(relative).length > 0));
}

/** Common name (the last one; empty when there is none) and organizations of a Name. */
export function readSubject(name: Der): Required<Subject> {
  let commonName = '';
  const organizations: string[] = [];
  for (const attribute of childrenOf(name).flatMap((relative) => childrenOf(relative))) {
    const [type, value] = childrenOf(attribute);
    const kind = oidOf(type);
    if (kind === COMMON_NAME) commonName = contentOf(value).toString('utf8');
    if (kind === ORGANIZATION) organizations.push(contentOf(value).toString('utf8'));
  }
  return { commonName, organizations };
}
