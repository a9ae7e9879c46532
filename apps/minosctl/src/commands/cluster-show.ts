import { join } from 'node:path';
import { Fault } from '@minos/base';
import type { RunCommand } from '../cli/command.ts';
import { type ClusterFlags, clusterIdentity } from '../cluster/cluster-options.ts';
import { readRecord } from '../cluster/cluster-record.ts';
import { clusterRows } from '../cluster/cluster-rows.ts';
import { DocumentWriter } from '../output/documents.ts';
import { tableText } from '../output/table.ts';

/** Shows what the nodes of a cluster of this machine are doing, as the machine sees it. */
export const show: RunCommand<ClusterFlags> = async ({ options, globals, terminal }) => {
  const identity = clusterIdentity(options, terminal);
  const record = await readRecord(join(identity.dir, 'cluster.json'));
  if (record === undefined) {
    throw new Fault('missing', `there is no cluster "${identity.name}" in ${identity.dir}; minosctl cluster up makes one`);
  }
  const rows = await clusterRows(record, identity.dir);
  if (globals.output === 'table') {
    const cells = rows.map((row) => [
      row.name,
      row.type,
      row.address,
      row.state,
      row.pid === 0 ? '-' : String(row.pid),
      String(row.starts),
      row.log,
    ]);
    await terminal.out(tableText(['NODE', 'TYPE', 'ADDRESS', 'STATE', 'PID', 'STARTS', 'LOG'], cells));
  } else {
    const writer = new DocumentWriter(terminal, globals.output);
    for (const { name, ...rest } of rows) await writer.write({ node: name, ...rest });
  }
  return 0;
};
