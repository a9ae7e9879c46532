import { randomUUID } from 'node:crypto';
import type { ApplyConfigurationRequest, ApplyConfigurationRequest_Mode } from '@minos/api/machine';
import { Fault, formatProblems } from '@minos/base';
import { diffConfigs, type MachineConfig, parseMachineConfig, reachChanges } from '@minos/config';
import type { CallContext } from '@minos/rpc';
import { type ApplyPlan, planApply } from '../node-config/apply-plan.ts';
import { type ConfirmRequestHeaders, readConfirmHeaders } from '../node-config/confirm-request.ts';
import { checkMachineType } from '../node-config/machine-type-rule.ts';
import type { PowerControl } from '../power/power-control.ts';
import type { Machine } from '../runtime/machine.ts';
import { APPLY, type ApplyRun } from '../sequence/apply-sequence.ts';
import type { SequenceProgress } from '../sequence/sequence-progress.ts';
import { SequenceRunner } from '../sequence/sequence-runner.ts';
import type { MachineHandlers } from './machine-handlers.ts';

interface ApplyDeps {
  readonly machine: Machine;
  readonly power: PowerControl;
  readonly progress: SequenceProgress;
  /** Aborted when machined stops. */
  readonly lifetime: AbortSignal;
}

interface Asked {
  readonly request: ApplyConfigurationRequest;
  readonly headers: ConfirmRequestHeaders;
}

/** Time of a trial of which the request says none. */
const TRY_MS = 60_000;
const UNSAFE = 'this can cut the node off, and it keeps it without being asked again; minosctl apply-config asks first';

/** ApplyConfiguration: a configuration with any problem changes nothing, and every problem is told with its path. */
export function applyHandlers(deps: ApplyDeps): MachineHandlers {
  return {
    ApplyConfiguration: async (request, { metadata }: CallContext) => {
      const asked = { request, headers: readConfirmHeaders(metadata) };
      const config = parseRequest(request);
      const answer = await deps.machine.config.inTurn(() => applyOrTell(deps, asked, config));
      return { messages: [{ metadata: undefined, ...answer }] };
    },
  };
}

interface Answer {
  readonly mode: ApplyConfigurationRequest_Mode;
  readonly modeDetails: string;
  readonly warnings: string[];
}

async function applyOrTell(deps: ApplyDeps, { request, headers }: Asked, config: MachineConfig): Promise<Answer> {
  const { machine, power } = deps;
  machine.config.checkLoaded();
  const { current } = machine.config;
  checkMachineType(current, config);
  const reach = current === undefined ? [] : reachChanges(current, config);
  const plan = planApply({ mode: request.mode, isConfigured: current !== undefined, tryMs: tryMs(request), reach, ...headers });
  const warnings = [...warningsOf(config), ...plan.warnings];
  if (plan.isUnguarded) warnings.push(`${reach.join(', ')}: ${UNSAFE}`);
  if (request.dryRun) return { mode: plan.mode, modeDetails: dryRun(plan, current?.text ?? '', config.text), warnings };
  const { timeoutMs } = plan;
  await runApply(deps, { machine, power, plan, reach, change: timeoutMs === undefined ? { config } : { config, timeoutMs } });
  const id = machine.config.trial?.id;
  const trial = id === undefined || timeoutMs === undefined ? '' : `; it is on trial as ${id} for ${timeoutMs / 1000} s`;
  return { mode: plan.mode, modeDetails: `${plan.done}${trial}`, warnings };
}

async function runApply({ machine, progress, lifetime }: ApplyDeps, run: ApplyRun): Promise<void> {
  const { events, clock, log } = machine;
  const runner = new SequenceRunner<ApplyRun>({ machine: run, events, clock, log, progress });
  await runner.run(APPLY, { actorId: randomUUID() }, lifetime);
}

function dryRun({ done }: ApplyPlan, before: string, after: string): string {
  const diff = diffConfigs(before, after);
  return `Dry run summary:\n${done} (skipped in dry-run).\nConfig diff:\n\n${diff === '' ? 'No changes.\n' : diff}`;
}

function tryMs({ tryModeTimeout }: ApplyConfigurationRequest): number {
  const ms = tryModeTimeout === undefined ? 0 : Number(tryModeTimeout.seconds) * 1000 + tryModeTimeout.nanos / 1e6;
  return ms > 0 ? ms : TRY_MS;
}

function parseRequest({ data }: ApplyConfigurationRequest): MachineConfig {
  const parsed = parseMachineConfig(data.toString('utf8'));
  if (parsed.ok) return parsed.value;
  throw new Fault('invalid', `the configuration is wrong, nothing was changed:\n${formatProblems(parsed.problems)}`);
}

function warningsOf(config: MachineConfig): string[] {
  return config.warnings.map((warning) => formatProblems([warning]));
}
