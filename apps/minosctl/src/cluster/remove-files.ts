import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '@minos/base';
import { removeContext } from '../client-config/edit-config.ts';
import type { ClusterIdentity } from './cluster-options.ts';

/** What `up` puts into the folder of a cluster; nothing else in it is touched. */
const OWN_NAMES = ['nodes', 'image', 'secrets.yaml', 'cluster.json', 'cluster.json.next'];

/** Removes the files of a cluster and its context; folders go when nothing else is in them. */
export async function removeClusterFiles(identity: ClusterIdentity): Promise<void> {
  await removeContext(identity.clientConfig, identity.name);
  for (const name of OWN_NAMES) await rm(join(identity.dir, name), { recursive: true, force: true });
  await removeEmpty(identity.dir);
  await removeEmpty(dirname(identity.clientConfig));
}

async function removeEmpty(dir: string): Promise<void> {
  try {
    await rmdir(dir);
  } catch (e) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].some((code) => hasCode(e, code))) throw e;
  }
}
