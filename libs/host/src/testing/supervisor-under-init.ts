// init container -- node supervisor-under-init.ts <report>: takes the place of machined and checks init through the port.
import { supervisorConformance } from '../conformance/supervisor.conformance.ts';
import { linuxHost } from '../linux/linux-host.ts';
import { runAndReport } from './case-report.ts';
import { probeSpec } from './probe-spec.ts';

const [, , report = ''] = process.argv;
const host = linuxHost();
const supervisor = await host.openSupervisor();
await supervisor.ready();
await runAndReport(supervisorConformance, { supervisor, files: host.files, spec: probeSpec }, report);
await supervisor.power('poweroff');
