import { parseCommandLine } from '../metal/kernel-command-line.ts';

const VIRTUAL = /^tty\d+$/;
const USUAL = 'tty2';

/** Where the dashboard draws. */
export interface DashboardTerminal {
  /** Such as `tty2`. */
  readonly name: string;
  /** What was asked for, when that is no virtual terminal of its own. */
  readonly refused: string | undefined;
}

/**
 * The virtual terminal that the dashboard draws on; undefined when it is switched off, or when no active console of the
 * kernel (/sys/class/tty/console/active, Documentation/admin-guide/sysfs-rules.rst) is a virtual terminal. Pure.
 */
export function dashboardTerminal(commandLine: string, activeConsoles: string): DashboardTerminal | undefined {
  const words = parseCommandLine(commandLine);
  const last = (name: string): string | undefined =>
    words.filter(([word]) => word === `talos.dashboard.${name}` || word === `minos.dashboard.${name}`).at(-1)?.[1];
  if (last('disabled') === '1' || !activeConsoles.split(/\s+/).some((name) => VIRTUAL.test(name))) return undefined;
  const asked = last('console')?.replace(/^\/dev\//, '') ?? USUAL;
  return /^tty[1-9]\d?$/.test(asked) ? { name: asked, refused: undefined } : { name: USUAL, refused: asked };
}
