import type { Link } from '@minos/host';

/** The link that a name stands for: its real name before an alternative name or alias of another. */
export function findLink(links: readonly Link[], name: string): Link | undefined {
  return (
    links.find((link) => link.name === name) ??
    links.find((link) => link.altNames.includes(name) || (link.alias !== '' && link.alias === name))
  );
}
