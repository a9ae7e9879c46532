import { DEFAULT_WINDOW, FrameType, PREFACE, Setting } from './frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Http2Limits } from './limits.ts';

/** Writes what a connection begins with: the preface of a client, settings, the window of the connection (RFC 9113 §3.4). */
export function writeGreeting(writer: FrameWriter, role: 'client' | 'server', limits: Http2Limits): void {
  const size = [Setting.maxHeaderListSize, limits.headerListBytes] as const;
  if (role === 'client') {
    writer.raw(PREFACE);
    writer.settings([[Setting.enablePush, 0], [Setting.initialWindowSize, limits.firstWindow], size]);
  } else {
    writer.settings([[Setting.maxConcurrentStreams, limits.maxStreams], size]);
  }
  writer.number(FrameType.windowUpdate, 0, limits.connectionWindow - DEFAULT_WINDOW);
}
