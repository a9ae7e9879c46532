import { Empty } from '@minos/api/google';
import type { Version } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { VERSION_TAG } from '../cli/version-tag.ts';
import { unaryTable } from '../node-call/unary-table.ts';

interface Options {
  readonly client: boolean;
  readonly short: boolean;
}

const ofNodes = unaryTable<Options, Version>({
  ask: (machine, options) => machine.Version(Empty.create(), options),
  heading: ({ options }) => (options.short ? ['TAG'] : ['TAG', 'SHA', 'BUILT', 'RUNTIME', 'OS/ARCH', 'PLATFORM', 'ENABLED']),
  rows: ({ version, platform, features }, { options }) => {
    const tag = version?.tag ?? '';
    if (options.short) return [[tag]];
    const system = `${version?.os ?? ''}/${version?.arch ?? ''}`;
    const rbac = features?.rbac === true ? 'RBAC' : '';
    return [[tag, version?.sha ?? '', version?.built ?? '', version?.goVersion ?? '', system, platform?.name ?? '', rbac]];
  },
});

/** Shows what this program and the nodes run. */
export const version: RunCommand<Options> = async (call) => {
  if (!call.options.client) return ofNodes(call);
  await call.terminal.out(`${VERSION_TAG}\n`);
  return 0;
};
