import { type Parsed, parsed, problem } from '@minos/base';

/** The line of the compatible system that configurations and secrets are made for: what older nodes do not know is left out. */
export interface VersionContract {
  readonly major: number;
  readonly minor: number;
}

/** The newest line that is known: what is made when no line is named. */
export const CURRENT_CONTRACT: VersionContract = { major: 1, minor: 14 };

/** Reads `v1.13` or `v1.13.2`; a line newer than the newest that is known is taken as that. */
export function parseContract(text: string): Parsed<VersionContract> {
  const m = /^v?(\d{1,3})\.(\d{1,3})(\.\d+)?(-[\w.]+)?$/.exec(text);
  const [major, minor] = [Number(m?.[1] ?? 0), Number(m?.[2] ?? 0)];
  if (m === null || major !== 1) return problem('', 'a version of the line 1, such as v1.13');
  return parsed(minor > CURRENT_CONTRACT.minor ? CURRENT_CONTRACT : { major, minor });
}

/** Whether a line is newer than 1.<minor>: how features say since when there are. */
export function isAfter(contract: VersionContract, minor: number): boolean {
  return contract.minor > minor;
}
