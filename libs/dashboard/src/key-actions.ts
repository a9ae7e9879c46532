/** What a key does. */
export type Action =
  | 'summary'
  | 'monitor'
  | 'resources'
  | 'next-node'
  | 'previous-node'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'open'
  | 'back'
  | 'quit';

/** Every key by what a terminal sends for it: xterm, the console of Linux, and tmux differ in F1 to F3. */
const ACTIONS: Readonly<Record<string, Action>> = {
  '\x1bOP': 'summary',
  '\x1b[11~': 'summary',
  '\x1b[[A': 'summary',
  '1': 'summary',
  '\x1bOQ': 'monitor',
  '\x1b[12~': 'monitor',
  '\x1b[[B': 'monitor',
  '2': 'monitor',
  '\x1bOR': 'resources',
  '\x1b[13~': 'resources',
  '\x1b[[C': 'resources',
  '3': 'resources',
  '\x1b[C': 'next-node',
  '\x1bOC': 'next-node',
  n: 'next-node',
  l: 'next-node',
  '\x1b[D': 'previous-node',
  '\x1bOD': 'previous-node',
  p: 'previous-node',
  h: 'previous-node',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  k: 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  j: 'down',
  '\x1b[5~': 'page-up',
  '\x15': 'page-up',
  '\x1b[6~': 'page-down',
  '\x04': 'page-down',
  '\r': 'open',
  '\n': 'open',
  '\x1b': 'back',
  '\x7f': 'back',
  '\b': 'back',
  q: 'quit',
  '\x03': 'quit',
};
const LONGEST = Math.max(...Object.keys(ACTIONS).map((key) => key.length));

/** The actions of what a terminal sent, in order; keys that mean nothing are left out. */
export function actionsOf(sent: string): readonly Action[] {
  const actions: Action[] = [];
  let at = 0;
  while (at < sent.length) {
    const length = knownLength(sent, at);
    const action = ACTIONS[sent.slice(at, at + length)];
    if (action !== undefined) actions.push(action);
    at += length;
  }
  return actions;
}

/** Length of the key here: the longest that is known, else of the whole unknown sequence. */
function knownLength(sent: string, at: number): number {
  for (let length = LONGEST; length > 1; length -= 1) {
    if (at + length <= sent.length && ACTIONS[sent.slice(at, at + length)] !== undefined) return length;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const unknown = /^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.)/.exec(sent.slice(at));
  return unknown?.[0].length ?? 1;
}
