import type { CheckedDocument } from '../checked-document.ts';
import { type Path, shownText } from '../issue.ts';
import { LEGACY_KIND } from '../shape/document-kinds.ts';
import { isYamlMap, listAt, textAt, textsAt, valueAt } from '../yaml-value.ts';
import { type KernelParamRoot, kernelParamId } from './kernel-param-id.ts';

/** A module that is to be loaded. */
export interface KernelModule {
  readonly name: string;
  /** `name=value` each, as modprobe(8) takes them. */
  readonly parameters: readonly string[];
}

/** What the configuration says about the kernel. */
export interface KernelConfig {
  readonly modules: readonly KernelModule[];
  /** Values of parameters by id, such as `proc.sys.net.ipv4.ip_forward`. */
  readonly params: ReadonlyMap<string, string>;
}

interface ParamSource {
  readonly kind: string;
  readonly root: KernelParamRoot;
  readonly at: readonly string[];
}

/** Later ones win: a document of its own over the one without a kind. */
const PARAM_SOURCES: readonly ParamSource[] = [
  { kind: LEGACY_KIND, root: '/proc/sys', at: ['machine', 'sysctls'] },
  { kind: LEGACY_KIND, root: '/sys', at: ['machine', 'sysfs'] },
  { kind: 'SysctlConfig', root: '/proc/sys', at: ['params'] },
  { kind: 'SysfsConfig', root: '/sys', at: ['params'] },
];
const MODULE_NAME = /^[A-Za-z0-9_][\w.-]{0,63}$/;
const MODULE_PARAMETER = /^\w[\w.-]*(=[^\p{Cc}]*)?$/u;
const MAX_VALUE_BYTES = 4095;
const CONTROL_CHARACTER = /(?!\t)\p{Cc}/u;

/** Reads modules and parameters of the kernel; names that could mean something else are issues. */
export function readKernel(checked: readonly CheckedDocument[]): KernelConfig {
  return { modules: readModules(checked), params: readParams(checked) };
}

function readParams(checked: readonly CheckedDocument[]): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const { kind, root, at } of PARAM_SOURCES) {
    for (const { document, issues } of checked.filter((c) => c.document.kind === kind)) {
      const values = valueAt(document.value, ...at);
      for (const [name, value] of Object.entries(isYamlMap(values) ? values : {})) {
        const id = kernelParamId(root, name);
        const where = [...at, name];
        if (id === undefined) {
          issues.push({
            at: where,
            expected: `the name of a file below ${root}, such as ${EXAMPLE[root]}`,
            found: shownText(name),
          });
        } else if (typeof value !== 'string' || Buffer.byteLength(value) > MAX_VALUE_BYTES || CONTROL_CHARACTER.test(value)) {
          issues.push({ at: where, expected: `one line of at most ${MAX_VALUE_BYTES} bytes` });
        } else params.set(id, value);
      }
    }
  }
  return params;
}

const EXAMPLE: Readonly<Record<KernelParamRoot, string>> = {
  '/proc/sys': 'net.ipv4.ip_forward',
  '/sys': 'devices.system.cpu.cpu0.cpufreq.scaling_governor',
};

function readModules(checked: readonly CheckedDocument[]): readonly KernelModule[] {
  const modules = new Map<string, KernelModule>();
  for (const of of checked) {
    const { kind, value } = of.document;
    if (kind === LEGACY_KIND) {
      for (const [i] of listAt(value, 'machine', 'kernel', 'modules').entries())
        add(modules, of, ['machine', 'kernel', 'modules', i]);
    } else if (kind === 'KernelModuleConfig') add(modules, of, []);
  }
  return [...modules.values()];
}

function add(modules: Map<string, KernelModule>, { document, issues }: CheckedDocument, at: Path): void {
  const name = textAt(document.value, ...at, 'name') ?? '';
  const parameters = textsAt(document.value, ...at, 'parameters');
  if (!MODULE_NAME.test(name)) {
    // The absence of a name that is required was told already.
    if (name !== '' || at.length > 0) {
      issues.push({ at: [...at, 'name'], expected: 'the name of a kernel module, such as br_netfilter', found: shownText(name) });
    }
    return;
  }
  for (const [i, parameter] of parameters.entries()) {
    if (MODULE_PARAMETER.test(parameter)) continue;
    issues.push({ at: [...at, 'parameters', i], expected: 'name=value, as modprobe takes it' });
  }
  modules.set(name, { name, parameters });
}
