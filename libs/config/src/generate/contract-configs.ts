import type { YamlMap } from '../yaml-value.ts';
import type { ConfigRole, ContractOptions } from './contract-options.ts';
import { kindDocument, kubeSpanDocuments, manyDocuments, mirrorDocuments } from './many-documents.ts';
import { singleDocument } from './single-document.ts';
import { isAfter } from './version-contract.ts';

/**
 * The documents of a node of a new cluster as a line of the compatible system writes them: up to 1.11 one, 1.12 and 1.13 one and a few beside
 * it, from 1.14 on one for each thing.
 */
export function contractDocuments(options: ContractOptions, role: ConfigRole): readonly YamlMap[] {
  const { contract } = options;
  if (isAfter(contract, 13)) return manyDocuments(options, role);
  if (!isAfter(contract, 11)) return [singleDocument(options, role)];
  return [
    singleDocument(options, role),
    ...mirrorDocuments(options),
    kindDocument('HostnameConfig', { auto: 'stable' }),
    ...(isAfter(contract, 12) ? kubeSpanDocuments(options) : []),
  ];
}
