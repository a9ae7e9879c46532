import { createHash } from 'node:crypto';
import { hasCode } from '@minos/base';
import type { Files, System } from '@minos/host';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_BYTES = 32;
const LINE = /^nodeId: *"?([0-9A-Za-z_-]{8,64})"?\s*$/m;

/** Who this node is: made at the first boot, kept on STATE. */
export class NodeIdentity {
  readonly #files: Files;
  readonly #path: string;
  #nodeId = '';

  constructor(files: Files, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** Empty before it is loaded. */
  get nodeId(): string {
    return this.#nodeId;
  }

  /** 32 hexadecimal digits that follow from the node id. */
  get machineId(): string {
    return createHash('sha256').update(this.#nodeId).digest('hex').slice(0, 32);
  }

  /** Reads the identity, or makes and keeps one. */
  async load(system: Pick<System, 'randomBytes'>): Promise<void> {
    this.#nodeId = (await this.#read()) ?? '';
    if (this.#nodeId !== '') return;
    this.#nodeId = base62(system.randomBytes(ID_BYTES));
    await this.#files.write(this.#path, `nodeId: ${this.#nodeId}\n`, { mode: 0o600, atomic: true });
  }

  async #read(): Promise<string | undefined> {
    try {
      return LINE.exec(await this.#files.readText(this.#path))?.[1];
    } catch (e) {
      if (hasCode(e, 'ENOENT')) return undefined;
      throw e;
    }
  }
}

function base62(bytes: Buffer): string {
  let left = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; left > 0n; left /= 62n) text = `${DIGITS[Number(left % 62n)]}${text}`;
  return text;
}
