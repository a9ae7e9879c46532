import { type Parsed, type Problem, Secret } from '@minos/base';
import type { CheckedDocument } from './checked-document.ts';
import { readCluster } from './cluster-config.ts';
import { issueProblem, shownText } from './issue.ts';
import { readKernel } from './kernel/kernel-config.ts';
import type { MachineConfig, MachineRole } from './machine-config.ts';
import { checkMachineRules } from './machine-config-rules.ts';
import { readNetwork } from './network/read-network.ts';
import { decodeBase64Pem, isCertificate, readPair } from './pem-field.ts';
import { type ConfigDocument, documentRoot, readDocuments } from './read-documents.ts';
import { LEGACY_KIND } from './shape/document-kinds.ts';
import { listAt, textAt, textsAt, valueAt } from './yaml-value.ts';

/** Reads a configuration, and says everything that is wrong with it in one answer; never throws, never shows a secret. */
export function parseMachineConfig(text: string): Parsed<MachineConfig> {
  const read = readDocuments(text, { isPatch: false });
  const assembled = assemble(text, read.documents);
  if (read.problems.length === 0) return assembled;
  const later = assembled.ok ? [] : assembled.problems.filter((p) => !isAbout(read.problems, p));
  return { ok: false, problems: [...read.problems, ...later] };
}

/** Whether a problem of meaning only follows from what was said about the same place, or about all of the text. */
function isAbout(said: readonly Problem[], problem: Problem): boolean {
  return said.some((s) => s.path === '' || s.path === problem.path || s.path.startsWith(`${problem.path}.`));
}

function assemble(text: string, documents: readonly ConfigDocument[]): Parsed<MachineConfig> {
  const checked = documents.map((document): CheckedDocument => ({ document, issues: [], warnings: [] }));
  const legacy = checked.find((c) => c.document.kind === LEGACY_KIND);
  if (legacy === undefined) {
    return { ok: false, problems: [{ path: 'machine', expected: 'the document with machine and cluster', found: 'nothing' }] };
  }
  const config = readConfig(text, checked, legacy);
  checkMachineRules(config, checked, legacy);
  const problems = toProblems(checked, 'issues');
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...config, warnings: toProblems(checked, 'warnings') } };
}

function readConfig(text: string, checked: readonly CheckedDocument[], legacy: CheckedDocument): MachineConfig {
  const { value } = legacy.document;
  return {
    machineType: readType(textAt(value, 'machine', 'type'), legacy),
    token: new Secret(textAt(value, 'machine', 'token') ?? ''),
    ca: readPair(valueAt(value, 'machine', 'ca'), { at: ['machine', 'ca'], writing: 'base64' }, legacy.issues),
    acceptedCAs: readAccepted(legacy),
    certSANs: textsAt(value, 'machine', 'certSANs'),
    network: readNetwork(checked),
    kernel: readKernel(checked),
    cluster: readCluster(checked),
    documents: checked.map((c) => c.document),
    warnings: [],
    text,
  };
}

function toProblems(checked: readonly CheckedDocument[], which: 'issues' | 'warnings'): Problem[] {
  return checked.flatMap(({ document, [which]: found }) =>
    found.map((issue) => issueProblem(issue, documentRoot(document), document.positionOf(issue.at))),
  );
}

const ROLES: Readonly<Record<string, MachineRole>> = {
  controlplane: 'controlplane',
  worker: 'worker',
  init: 'init',
  join: 'worker',
};

function readType(text: string | undefined, legacy: CheckedDocument): MachineRole {
  const found = text === undefined ? 'worker' : ROLES[text];
  const at = ['machine', 'type'];
  if (text === undefined || text === 'join') legacy.warnings.push({ at, expected: 'controlplane or worker; taken as worker' });
  if (found === undefined) legacy.issues.push({ at, expected: 'controlplane or worker', found: shownText(text ?? '') });
  return found ?? 'worker';
}

function readAccepted(legacy: CheckedDocument): readonly string[] {
  return listAt(legacy.document.value, 'machine', 'acceptedCAs').flatMap((entry, i) => {
    const pem = decodeBase64Pem(textAt(entry, 'crt') ?? '');
    if (isCertificate(pem)) return [pem];
    legacy.issues.push({ at: ['machine', 'acceptedCAs', i, 'crt'], expected: 'a certificate in base64 of PEM' });
    return [];
  });
}
