import { runDaemon } from '@minos/daemon';
import { apid } from './apid.ts';

await runDaemon(apid);
