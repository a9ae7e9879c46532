import type { MachineServiceDefinition } from '@minos/api/machine';
import type { Implementation } from '@minos/rpc';
import type { HandlerDeps } from '../handler-deps.ts';
import { copyFiles } from './copy-files.ts';
import { diskUsage } from './disk-usage.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';

/** List, DiskUsage, Read and Copy: files of the machine by their real paths. Roles are checked before. */
export function fileHandlers({
  host,
  log,
}: HandlerDeps): Pick<Implementation<typeof MachineServiceDefinition>, 'List' | 'DiskUsage' | 'Read' | 'Copy'> {
  const { files } = host;
  return {
    List: (request, { signal }) => listFiles(files, request, signal),
    DiskUsage: (request, { signal }) => diskUsage(files, request, signal),
    Read: (request, { signal }) => readFile(files, request, signal),
    Copy: (request, { signal }) => copyFiles({ files, log }, request, signal),
  };
}
