// node packets-in-namespace.ts <report>: checks the capture of packets, inside a network namespace that the caller made.
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import { packetsConformance } from '../conformance/packets.conformance.ts';
import { linuxHost } from '../linux/linux-host.ts';
import { runAndReport } from './case-report.ts';

const [, , report = ''] = process.argv;
const DISCARD_PORT = 9;
await promisify(execFile)('ip', ['link', 'set', 'lo', 'up']);
const socket = createSocket('udp4');
const send = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.send(text, DISCARD_PORT, '127.0.0.1', (e) => (e === null ? resolve() : reject(e)));
  });
await runAndReport(packetsConformance, { packets: linuxHost().packets, send }, report);
socket.close();
