/** Something that others wait for, or that waits itself, as it stands at one moment. */
export interface WaitNode {
  /** Such as `machine`, `sequence/boot`, `service/apid`. */
  readonly id: string;
  readonly isMet: boolean;
  /** What is the matter, or that nothing is; one line without an end. */
  readonly summary: string;
  /** What shows it, one line each. */
  readonly evidence: readonly string[];
  /** Arguments of minosctl that lead on; empty when there are none. */
  readonly nextCommand: string;
  /** Ids of what it waits for, the most important first. */
  readonly waitsFor: readonly string[];
}

/** A node of the graph for something that is as it should be. */
export function metNode(id: string, summary: string): WaitNode {
  return { id, isMet: true, summary, evidence: [], nextCommand: '', waitsFor: [] };
}

/** A node of the graph for something that is not. */
export function unmetNode(id: string, summary: string, more: Partial<WaitNode> = {}): WaitNode {
  return { id, isMet: false, summary, evidence: [], nextCommand: '', waitsFor: [], ...more };
}
