/** Where parameters of the kernel are: sysctl(8) and sysfs(5). */
export type KernelParamRoot = '/proc/sys' | '/sys';

const ROOTS: readonly KernelParamRoot[] = ['/proc/sys', '/sys'];
/** What a file of /proc/sys or /sys may be called: names of links, addresses of devices, and no way out. */
const PART = /^[\w@:+,=~.-]{1,255}$/;
const MAX_CHARACTERS = 1024;

/**
 * The id of a parameter, such as `proc.sys.net.ipv4.ip_forward`, from its name as sysctl.d(5) writes it: parts are between the first kind of
 * separator, `.` or `/`, and the other one stands for itself the other way round (`net.ipv4.conf.eth0/100.forwarding`). Undefined for a name
 * that is none, or that would leave its root. Pure.
 */
export function kernelParamId(root: KernelParamRoot, name: string): string | undefined {
  const first = name.search(/[./]/);
  const relative = first >= 0 && name[first] === '.' ? swapped(name) : name;
  const parts = relative.split('/');
  const isSafe = parts.length > 1 && parts.every((part) => PART.test(part) && !/^\.+$/.test(part));
  if (!isSafe || name.length > MAX_CHARACTERS) return undefined;
  return swapped(`${root.slice(1)}/${relative}`);
}

/** The file of a parameter by its id; pure. */
export function kernelParamPath(id: string): string {
  return `/${swapped(id)}`;
}

/** The root that the file of a parameter must stay below; pure. */
export function kernelParamRoot(id: string): KernelParamRoot {
  const path = kernelParamPath(id);
  return ROOTS.find((root) => path.startsWith(`${root}/`)) ?? '/sys';
}

function swapped(text: string): string {
  return text.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}
