import { runDaemon } from '@minos/daemon';
import { machinedProgram } from './app.ts';

await runDaemon(machinedProgram({ version: `node ${process.version}` }));
