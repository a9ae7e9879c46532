import { isIP } from 'node:net';
import { type Issue, type Path, shownText } from '../issue.ts';
import { isPrefix } from '../shape/scalar-type.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const MAX_HOSTNAME = 253;
const MAX_LINK_NAME_BYTES = 15;
const LINK_NAME = /^[\x21-\x2e\x30-\x39\x3b-\x7e]+$/;
/** Largest and smallest MTU that a configuration may ask for; 0 leaves the link's own (include/uapi/linux/if_ether.h). */
const MTU = { low: 68, high: 65_536 };

/** Reports what is not an address. */
export function checkIp(text: string, at: Path, issues: Issue[]): void {
  if (isIP(text) === 0) issues.push({ at, expected: 'an IP address', found: shownText(text) });
}

/** Reports what is not an address prefix, or one of the unspecified address. */
export function checkPrefix(text: string, at: Path, issues: Issue[]): void {
  if (!isPrefix(text)) {
    issues.push({ at, expected: 'an address prefix such as 10.5.0.2/24', found: shownText(text) });
  } else if (isUnspecified(text)) {
    issues.push({ at, expected: 'an address other than the unspecified one', found: shownText(text) });
  }
}

/** Whether an address, or the address of a prefix, is 0.0.0.0 or ::. */
export function isUnspecified(text: string): boolean {
  return /^[0:.]+(\/|$)/.test(text);
}

/** Reports what is not a host name, with or without a domain. */
export function checkHostname(text: string, at: Path, issues: Issue[]): void {
  if (text.length > MAX_HOSTNAME || !text.split('.').every((label) => LABEL.test(label))) {
    const expected = 'a host name: labels of 1 to 63 letters, digits and hyphens, 253 characters in all';
    issues.push({ at, expected, found: shownText(text) });
  }
}

/** Reports an MTU that no link can have. */
export function checkMtu(mtu: number, at: Path, issues: Issue[]): void {
  if (mtu !== 0 && (mtu < MTU.low || mtu > MTU.high)) {
    issues.push({ at, expected: `an MTU from ${MTU.low} to ${MTU.high}`, found: String(mtu) });
  }
}

/** Reports what the kernel does not take as the name of a link (dev_valid_name in net/core/dev.c). */
export function checkLinkName(name: string, at: Path, issues: Issue[]): void {
  if (Buffer.byteLength(name) > MAX_LINK_NAME_BYTES || name === '.' || name === '..' || !LINK_NAME.test(name)) {
    const expected = `the name of a link: 1 to ${MAX_LINK_NAME_BYTES} characters without blanks, slashes and colons`;
    issues.push({ at, expected, found: shownText(name) });
  }
}

/** Reports values that a list has more than once. */
export function checkUnique(values: readonly string[], at: Path, issues: Issue[]): void {
  values.forEach((value, i) => {
    if (values.indexOf(value) !== i)
      issues.push({ at: [...at, i], expected: 'a value that is not in the list already', found: shownText(value) });
  });
}
