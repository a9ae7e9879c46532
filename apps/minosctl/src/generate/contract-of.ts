import { Fault } from '@minos/base';
import { CURRENT_CONTRACT, parseContract, type VersionContract } from '@minos/config';

/** The line that `--talos-version` names, the newest without it; throws `invalid`. */
export function contractOf(text: string | undefined): VersionContract {
  if (text === undefined) return CURRENT_CONTRACT;
  const contract = parseContract(text);
  if (contract.ok) return contract.value;
  throw new Fault('invalid', `--talos-version is ${contract.problems[0]?.expected}, not "${text}"`);
}
