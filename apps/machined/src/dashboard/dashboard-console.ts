import { parseCommandLine } from '../metal/kernel-command-line.ts';

const VIRTUAL = /^tty\d+$/;
const USUAL = 'tty2';

/**
 * The virtual terminal that the dashboard draws on, such as `tty2`; undefined when it is switched off, or when no active console of the
 * kernel (/sys/class/tty/console/active, Documentation/admin-guide/sysfs-rules.rst) is a virtual terminal. Pure.
 */
export function dashboardTerminal(commandLine: string, activeConsoles: string): string | undefined {
  const words = parseCommandLine(commandLine);
  const last = (name: string): string | undefined =>
    words.filter(([word]) => word === `talos.dashboard.${name}` || word === `minos.dashboard.${name}`).at(-1)?.[1];
  if (last('disabled') === '1' || !activeConsoles.split(/\s+/).some((name) => VIRTUAL.test(name))) return undefined;
  const asked = last('console')?.replace(/^\/dev\//, '') ?? USUAL;
  return /^tty[1-9]\d?$/.test(asked) ? asked : USUAL;
}
