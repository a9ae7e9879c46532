import { CPUInfo } from '@minos/api/machine';

/** Parses /proc/cpuinfo, one message a processor; empty or 0 what an architecture does not tell. Pure. */
export function parseCpuInfo(text: string): CPUInfo[] {
  return text
    .split(/\n\s*\n/)
    .map(parseBlock)
    .filter((block) => block.has('processor'))
    .map(processorOf);
}

function parseBlock(block: string): ReadonlyMap<string, string> {
  const lines = block.split('\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]));
}

function processorOf(fields: ReadonlyMap<string, string>): CPUInfo {
  const text = (name: string): string => fields.get(name) ?? '';
  const number = (name: string): number => Number.parseFloat(text(name)) || 0;
  const list = (name: string): string[] => text(name).split(' ').filter(Boolean);
  return CPUInfo.fromPartial({
    processor: number('processor'),
    vendorId: text('vendor_id'),
    cpuFamily: text('cpu family'),
    model: text('model'),
    modelName: text('model name'),
    stepping: text('stepping'),
    microcode: text('microcode'),
    cpuMhz: number('cpu MHz'),
    cacheSize: text('cache size'),
    physicalId: text('physical id'),
    siblings: number('siblings'),
    coreId: text('core id'),
    cpuCores: number('cpu cores'),
    apicId: text('apicid'),
    initialApicId: text('initial apicid'),
    fpu: text('fpu'),
    fpuException: text('fpu_exception'),
    cpuIdLevel: number('cpuid level'),
    wp: text('wp'),
    flags: fields.has('flags') ? list('flags') : list('Features'),
    bugs: list('bugs'),
    bogoMips: fields.has('bogomips') ? number('bogomips') : number('BogoMIPS'),
    clFlushSize: number('clflush size'),
    cacheAlignment: number('cache_alignment'),
    addressSizes: text('address sizes'),
    powerManagement: text('power management'),
  });
}
