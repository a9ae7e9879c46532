import { runDaemon } from '@minos/daemon';
import { dashboardProgram } from './app.ts';

await runDaemon(dashboardProgram);
