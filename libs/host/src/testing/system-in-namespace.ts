// node system-in-namespace.ts <directory> <report>: checks what changes the machine, inside namespaces that the caller made.
import { kernelLogConformance } from '../conformance/kernel-log.conformance.ts';
import { systemConformance } from '../conformance/system.conformance.ts';
import { linuxHost } from '../linux/linux-host.ts';
import { runAndReport } from './case-report.ts';

const [, , dir = '', report = ''] = process.argv;
const host = linuxHost();
await runAndReport(systemConformance, { system: host.system, files: host.files, dir }, report);
await runAndReport(kernelLogConformance, host.kernelLog, report);
