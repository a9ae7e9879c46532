import type { Files } from '@minos/host';
import { listAttributes, readAttribute } from '../runtime/read-attribute.ts';

const DMI = '/sys/class/dmi/id';
const LINKS = '/sys/class/net';

/** A URL with what a machine can say of itself in the places of `${uuid}`, `${serial}`, `${mac}` and `${hostname}`; others stay. Pure. */
export function filledUrl(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => {
    const value = values[name];
    return value === undefined ? all : encodeURIComponent(value);
  });
}

/** What this machine can say of itself, from its firmware and its first network card. */
export async function machineValues(files: Files, hostname: string): Promise<Readonly<Record<string, string>>> {
  const [uuid, serial, mac] = await Promise.all([
    readAttribute(files, `${DMI}/product_uuid`),
    readAttribute(files, `${DMI}/product_serial`),
    firstMac(files),
  ]);
  return { uuid: uuid.toLowerCase(), serial, mac, hostname };
}

/** Of the first card by name: a link that is a device. */
async function firstMac(files: Files): Promise<string> {
  for (const link of [...(await listAttributes(files, LINKS))].sort()) {
    if ((await listAttributes(files, `${LINKS}/${link}/device`)).length > 0)
      return readAttribute(files, `${LINKS}/${link}/address`);
  }
  return '';
}
