import { Empty } from '@minos/api/google';
import type { Version } from '@minos/api/machine';
import { RELEASE } from '@minos/base';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { tableText } from '../output/table.ts';

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
  const { options, globals, terminal } = call;
  if (!options.client) return ofNodes(call);
  const { tag, commit, built } = RELEASE;
  if (globals.output !== 'table')
    await new DocumentWriter(terminal, globals.output).write({ version: { tag, sha: commit, built } });
  else await terminal.out(options.short ? `${tag}\n` : tableText(['TAG', 'SHA', 'BUILT'], [[tag, commit, built]]));
  return 0;
};
