import { runDaemon } from '@minos/daemon';
import { networkd } from './app.ts';

await runDaemon(networkd);
