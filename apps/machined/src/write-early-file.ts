// node apps/machined/src/write-early-file.ts <platform> <file>: writes what init starts before machined. Run while the image is built.
import { writeFile } from 'node:fs/promises';
import { Fault } from '@minos/base';
import { earlyFile } from '@minos/host/early-file';
import { EARLY_SERVICES, spawnSpecOf } from './runtime/service-list.ts';

const [, , platform, file = ''] = process.argv;
if (platform !== 'container' && platform !== 'metal') throw new Fault('invalid', `${platform} is neither container nor metal`);
await writeFile(file, earlyFile(EARLY_SERVICES.map((id) => spawnSpecOf(id, platform))));
