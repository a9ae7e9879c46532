import type { KernelModuleSpecSpec } from '@minos/api/resource-specs';
import { messageOf } from '@minos/base';
import type { Exit, SpawnSpec } from '@minos/host';
import type { Machine } from '../runtime/machine.ts';
import { readAttribute } from '../runtime/read-attribute.ts';

/** Under which modprobe(8) is started by init. */
const ID = 'modprobe';
/** A module that needs a device may take its time. */
const LIMIT_MS = 30_000;
const OUTPUT_MS = 200;
const MAX_OUTPUT = 2048;

/** What of the machine loading a module needs. */
export type ModuleMachine = Pick<Machine, 'host' | 'clock' | 'log' | 'supervisor' | 'services'>;

/** The modules that are wanted and neither loaded nor a part of the kernel; `-` and `_` are the same in names. */
export async function missingModules(
  { host }: Pick<Machine, 'host'>,
  wanted: readonly KernelModuleSpecSpec[],
  loaded: Iterable<string>,
): Promise<readonly KernelModuleSpecSpec[]> {
  if (wanted.length === 0) return [];
  const release = await readAttribute(host.files, '/proc/sys/kernel/osrelease');
  const builtIn = (await readAttribute(host.files, `/lib/modules/${release}/modules.builtin`))
    .split('\n')
    .map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.ko$/, ''));
  const there = new Set([...loaded, ...builtIn].map(plainName));
  return wanted.filter(({ name }) => !there.has(plainName(name)));
}

/** Loads modules, one after the other; resolves with why some could not be, one sentence each. */
export async function loadModules(machine: ModuleMachine, modules: readonly KernelModuleSpecSpec[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { name, parameters } of modules) {
    try {
      const exit = await machine.services.programs.run(modprobe(name, parameters), LIMIT_MS);
      const said = await outputOf(machine);
      if (exit.kind === 'exited' && exit.code === 0) machine.log.info({ module: name }, 'kernel module loaded');
      else problems.push(`${name}: ${said === '' ? endOf(exit) : said}`);
    } catch (e) {
      problems.push(`${name}: ${messageOf(e)}`);
    }
  }
  return problems;
}

function modprobe(name: string, parameters: readonly string[]): SpawnSpec {
  return {
    id: ID,
    argv: ['/sbin/modprobe', '--', name, ...parameters],
    env: { PATH: '/sbin' },
    uid: 0,
    gid: 0,
    groups: [],
    capabilities: ['SYS_MODULE'],
    cgroup: undefined,
    noFile: undefined,
    oomScoreAdj: undefined,
  };
}

/** What it said, as one line. */
async function outputOf({ host, clock, supervisor }: ModuleMachine): Promise<string> {
  const stop = new AbortController();
  const limit = clock.sleep(OUTPUT_MS, stop.signal).then(
    () => stop.abort(),
    () => undefined,
  );
  let text = '';
  try {
    for await (const chunk of host.files.readFifo(supervisor.logFifo(ID), stop.signal)) text += chunk.toString('utf8');
  } catch {
    // It says nothing more then; how it ended is known.
  }
  stop.abort();
  await limit;
  return text
    .slice(-MAX_OUTPUT)
    .trim()
    .replace(/\s*\n\s*/g, '; ');
}

function endOf(exit: Exit): string {
  return exit.kind === 'exited' ? `modprobe ended with code ${exit.code}` : `modprobe was ended by ${exit.signal}`;
}

function plainName(name: string): string {
  return name.replaceAll('-', '_');
}
