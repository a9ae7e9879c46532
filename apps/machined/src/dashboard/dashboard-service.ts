import { messageOf } from '@minos/base';
import type { Files } from '@minos/host';
import { DASHBOARD_LIMITS } from '../cgroup/cgroup-limits.ts';
import { limitService } from '../cgroup/limit-services.ts';
import type { Machine } from '../runtime/machine.ts';
import { readAttribute } from '../runtime/read-attribute.ts';
import type { ServiceDefinition } from '../service/service-definition.ts';
import { type DashboardTerminal, dashboardTerminal } from './dashboard-console.ts';

/** Who the dashboard of the console runs as. */
export const DASHBOARD_UID = 53;
const OOM_SCORE = -400;
const GRACE_MS = 5000;

/** Whether this is a machine of its own, which may have a screen. */
export function mayHaveDashboard({ platform, mayMount }: Pick<Machine, 'platform' | 'mayMount'>): boolean {
  return platform === 'metal' && mayMount;
}

/** The terminal that it draws on; undefined where it is not started. */
export async function dashboardConsole(files: Files): Promise<DashboardTerminal | undefined> {
  const [commandLine, active] = await Promise.all([
    readAttribute(files, '/proc/cmdline'),
    readAttribute(files, '/sys/class/tty/console/active'),
  ]);
  return dashboardTerminal(commandLine, active);
}

/** Starts the dashboard where the machine has a screen. A node without one is whole: what fails is logged. */
export async function startDashboard(machine: Machine): Promise<void> {
  const { host, services, memory, log, paths } = machine;
  const terminal = await dashboardConsole(host.files);
  if (terminal === undefined || memory.value.stopped.includes('dashboard')) return;
  const { name, refused } = terminal;
  if (refused !== undefined)
    log.warn(
      { asked: refused, terminal: name },
      'the kernel argument dashboard.console is none of tty1 to tty99; the usual one is taken',
    );
  try {
    await limitService(machine, 'dashboard', DASHBOARD_LIMITS);
    services.load(definitionOf(`/dev/${name}`, { files: host.files, socket: paths.dashboardSocket }));
    services.start('dashboard');
  } catch (e) {
    log.warn({ terminal: name, err: messageOf(e) }, 'the dashboard is not started');
  }
}

function definitionOf(device: string, { files, socket }: { readonly files: Files; readonly socket: string }): ServiceDefinition {
  const owner = { uid: DASHBOARD_UID, gid: DASHBOARD_UID };
  return {
    id: 'dashboard',
    dependsOn: [],
    conditions: [],
    awaits: [],
    // As login(1) does: whoever draws on the terminal owns it.
    prepare: () => files.setOwner(device, { ...owner, mode: 0o600 }),
    spawnSpec: () => ({
      id: 'dashboard',
      argv: ['/sbin/dashboard', '--tty', device, '--socket', socket],
      env: { PATH: '/usr/bin:/sbin', READY_FD: '3', TERM: 'linux' },
      ...owner,
      groups: [],
      capabilities: [],
      cgroup: { path: 'system/dashboard', demand: 'best-effort' },
      noFile: undefined,
      oomScoreAdj: OOM_SCORE,
    }),
    mayStop: true,
    graceMs: GRACE_MS,
  };
}
