import type { Exit } from '@minos/host';

/** Knows more about the end of a process than init, which sees only its exit. */
export interface EndWatch {
  /** Called before a process is started under the id of its service; what happened to earlier ones is over. Never rejects. */
  begin(id: string): Promise<void>;
  /** What happened to the process, as a part of a sentence; undefined when the exit says all that is known. Never rejects. */
  explain(id: string, exit: Exit): Promise<string | undefined>;
}
