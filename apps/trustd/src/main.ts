import { runDaemon } from '@minos/daemon';
import { trustd } from './app.ts';

await runDaemon(trustd);
