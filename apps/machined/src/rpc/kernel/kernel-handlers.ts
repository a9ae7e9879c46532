import type { Data } from '@minos/api/common';
import type { DmesgRequest, MachineServiceDefinition } from '@minos/api/machine';
import type { Host } from '@minos/host';
import type { Implementation } from '@minos/rpc';
import type { HandlerDeps } from '../handler-deps.ts';
import { kernelLine } from './kernel-line.ts';

/** Dmesg: the kernel's log, one record a message. */
export function kernelHandlers({ host }: HandlerDeps): Pick<Implementation<typeof MachineServiceDefinition>, 'Dmesg'> {
  return { Dmesg: (request, { signal }) => kernelLog(host, request, signal) };
}

async function* kernelLog(host: Host, request: DmesgRequest, signal: AbortSignal): AsyncGenerator<Data, void, undefined> {
  const bootTimeMs = await bootTime(host);
  for await (const record of host.kernelLog.records({ follow: request.follow, tail: request.tail }, signal)) {
    yield { metadata: undefined, bytes: Buffer.from(kernelLine(record, bootTimeMs)) };
  }
}

/** Milliseconds since 1970 when the kernel started, by the clock as it is now. */
async function bootTime({ clock, files }: Host): Promise<number> {
  const uptime = Number.parseFloat(await files.readText('/proc/uptime'));
  return clock.now() - (Number.isFinite(uptime) ? uptime * 1000 : 0);
}
