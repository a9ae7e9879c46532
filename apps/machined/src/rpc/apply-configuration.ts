import {
  type ApplyConfigurationRequest,
  type ApplyConfigurationRequest_Mode,
  ApplyConfigurationRequest_Mode as Mode,
} from '@minos/api/machine';
import { Fault, formatProblems } from '@minos/base';
import { diffConfigs, type MachineConfig, parseMachineConfig } from '@minos/config';
import { automaticHostname } from '../node-config/automatic-hostname.ts';
import { publishConfig } from '../node-config/config-publish.ts';
import type { PowerControl } from '../power/power-control.ts';
import type { Machine } from '../runtime/machine.ts';
import type { MachineHandlers } from './machine-handlers.ts';

/** One way to apply a configuration: what is said, and what is done. */
interface ApplyMode {
  readonly answeredAs: Mode;
  readonly done: string;
  readonly apply: (deps: ApplyDeps, config: MachineConfig) => Promise<void>;
}

interface ApplyDeps {
  readonly machine: Machine;
  readonly power: PowerControl;
}

const NOW: ApplyMode = { answeredAs: Mode.NO_REBOOT, done: 'Applied configuration without a reboot', apply: applyNow };

const MODES: Readonly<Record<Mode, ApplyMode | undefined>> = {
  [Mode.AUTO]: NOW,
  [Mode.NO_REBOOT]: NOW,
  [Mode.REBOOT]: { answeredAs: Mode.REBOOT, done: 'Applied configuration with a reboot', apply: applyWithReboot },
  [Mode.STAGED]: {
    answeredAs: Mode.STAGED,
    done: 'Staged configuration to be applied after the next reboot',
    apply: ({ machine }, config) => machine.config.stage(config),
  },
  [Mode.TRY]: undefined,
};

/** ApplyConfiguration: a configuration with any problem changes nothing, and every problem is told with its path. */
export function applyHandlers(deps: ApplyDeps): MachineHandlers {
  return {
    ApplyConfiguration: async (request) => {
      const mode = MODES[request.mode];
      if (mode === undefined)
        throw new Fault('unimplemented', 'mode try is not implemented by this node yet; use no-reboot or staged');
      const config = parseRequest(request);
      const answer = await deps.machine.config.inTurn(() => applyOrTell({ deps, mode, request }, config));
      return { messages: [{ metadata: undefined, warnings: warningsOf(config), ...answer }] };
    },
  };
}

interface Application {
  readonly deps: ApplyDeps;
  readonly mode: ApplyMode;
  readonly request: ApplyConfigurationRequest;
}

async function applyOrTell(
  { deps, mode, request }: Application,
  config: MachineConfig,
): Promise<{ mode: ApplyConfigurationRequest_Mode; modeDetails: string }> {
  if (mode === NOW) checkLive(deps.machine.config.current, config);
  if (request.dryRun) {
    const diff = diffConfigs(deps.machine.config.current?.text ?? '', config.text);
    const modeDetails = `Dry run summary:\n${mode.done} (skipped in dry-run).\nConfig diff:\n\n${diff === '' ? 'No changes.\n' : diff}`;
    return { mode: mode.answeredAs, modeDetails };
  }
  await mode.apply(deps, config);
  deps.machine.log.info({ mode: mode.done }, 'configuration accepted');
  return { mode: mode.answeredAs, modeDetails: mode.done };
}

function parseRequest({ data }: ApplyConfigurationRequest): MachineConfig {
  const parsed = parseMachineConfig(data.toString('utf8'));
  if (parsed.ok) return parsed.value;
  throw new Fault('invalid', `the configuration is wrong, nothing was changed:\n${formatProblems(parsed.problems)}`);
}

/** What cannot change while the node runs. */
function checkLive(current: MachineConfig | undefined, next: MachineConfig): void {
  const isControlPlane = (config: MachineConfig): boolean => config.machineType !== 'worker';
  if (current === undefined || isControlPlane(current) === isControlPlane(next)) return;
  throw new Fault('precondition', 'machine.type cannot change while the node runs; apply it with mode staged or reboot');
}

async function applyNow({ machine }: ApplyDeps, config: MachineConfig): Promise<void> {
  await machine.config.accept(config);
  await publishConfig(machine.state, config, automaticHostname(machine.identity.nodeId));
}

async function applyWithReboot({ machine, power }: ApplyDeps, config: MachineConfig): Promise<void> {
  await machine.config.stage(config);
  power.request('reboot');
}

function warningsOf(config: MachineConfig): string[] {
  return config.warnings.map((warning) => formatProblems([warning]));
}
