import type { Issue } from './issue.ts';
import type { ConfigDocument } from './read-documents.ts';

/** A document with the issues found in it so far. */
export interface CheckedDocument {
  readonly document: ConfigDocument;
  readonly issues: Issue[];
  readonly warnings: Issue[];
}
