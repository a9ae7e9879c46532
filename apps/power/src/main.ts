import { basename } from 'node:path';
import { runPower } from './run-power.ts';

await runPower({ name: basename(process.argv0), argv: process.argv.slice(2) });
