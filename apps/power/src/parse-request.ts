import { type Parsed, type Problem, parsed, problem } from '@minos/base';

/** What is asked of machined. */
export interface PowerRequest {
  readonly action: 'reboot' | 'shutdown';
  readonly mode: 'default' | 'powercycle' | 'force';
  /** The root of the run tree; empty in a node. */
  readonly runDir: string;
}

/** What each name asks when no argument says otherwise. */
const NAMES: Readonly<Record<string, PowerRequest['action']>> = { poweroff: 'shutdown', shutdown: 'shutdown', reboot: 'reboot' };

/** What arguments said so far. */
interface Asked {
  readonly action?: PowerRequest['action'] | undefined;
  readonly mode?: PowerRequest['mode'];
  readonly runDir?: string;
}

const FLAGS: Readonly<Record<string, Asked>> = {
  '--poweroff': { action: 'shutdown' },
  '--halt': { action: 'shutdown' },
  '-P': { action: 'shutdown' },
  '-p': { action: 'shutdown' },
  '-H': { action: 'shutdown' },
  '--reboot': { action: 'reboot' },
  '-r': { action: 'reboot' },
  '--force': { mode: 'force' },
  '-f': { mode: 'force' },
  '--powercycle': { mode: 'powercycle' },
};

const RUN_DIR = '--run-dir';

/** What a name and arguments ask; every argument that means nothing is a problem. */
export function parsePowerRequest(name: string, argv: readonly string[]): Parsed<PowerRequest> {
  const problems: Problem[] = [];
  let asked: Asked = { action: NAMES[name] };
  const rest = argv.values();
  for (const word of rest) {
    const flag = word === RUN_DIR ? { runDir: rest.next().value ?? '' } : FLAGS[word];
    if (flag === undefined) problems.push({ path: 'arguments', expected: `one of ${knownArguments()}`, found: word });
    asked = { ...asked, ...flag };
  }
  if (problems.length > 0) return { ok: false, problems };
  const { action, mode = 'default', runDir = '' } = asked;
  if (action === undefined) return problem('arguments', '--reboot or --poweroff, as the name says neither', name);
  if (action === 'shutdown' && mode === 'powercycle') return problem('--powercycle', 'a reboot', name);
  return parsed({ action, mode, runDir });
}

/** Every argument, for a help text. */
export function knownArguments(): string {
  return [...Object.keys(FLAGS), RUN_DIR].join(', ');
}
