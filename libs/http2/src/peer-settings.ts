import { ConnectionError, ErrorCode } from './error-code.ts';
import { DEFAULT_WINDOW, MAX_FRAME, MAX_WINDOW, Setting } from './frame-type.ts';

/** Larger frames than this would only delay other streams. */
const LARGEST_SENT = 2 * MAX_FRAME;
const LARGEST_FRAME_SIZE = 0xff_ffff;

/** What the other end of a connection allows us; RFC 9113 §6.5.2. */
export class PeerSettings {
  /** Window that a new stream has towards the other end. */
  initialWindow = DEFAULT_WINDOW;
  /** Largest payload that we send. */
  maxFrame = MAX_FRAME;
  maxStreams = Number.POSITIVE_INFINITY;

  /**
   * Reads the entries [start, end) of a SETTINGS frame that came from the other end of a connection where we are `role`; gives
   * the size of the header table when it was among them. Throws a ConnectionError for a value out of range.
   */
  read(bytes: Buffer, start: number, end: number, role: 'client' | 'server'): number | undefined {
    let tableBytes: number | undefined;
    for (let at = start; at < end; at += 6) {
      const value = bytes.readUInt32BE(at + 2);
      switch (bytes.readUInt16BE(at)) {
        case Setting.headerTableSize:
          tableBytes = value;
          break;
        case Setting.enablePush:
          if (value > 1 || (value === 1 && role === 'client')) throw wrong(ErrorCode.protocolError, 'ENABLE_PUSH');
          break;
        case Setting.maxConcurrentStreams:
          this.maxStreams = value;
          break;
        case Setting.initialWindowSize:
          if (value > MAX_WINDOW) throw wrong(ErrorCode.flowControlError, 'INITIAL_WINDOW_SIZE');
          this.initialWindow = value;
          break;
        case Setting.maxFrameSize:
          if (value < MAX_FRAME || value > LARGEST_FRAME_SIZE) throw wrong(ErrorCode.protocolError, 'MAX_FRAME_SIZE');
          this.maxFrame = Math.min(value, LARGEST_SENT);
          break;
        default:
      }
    }
    return tableBytes;
  }
}

function wrong(code: number, name: string): ConnectionError {
  return new ConnectionError(code, `setting ${name} is out of range`);
}
