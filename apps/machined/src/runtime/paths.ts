/** Where things are. Files are those of the host port, sockets those of this process: in a simulation they differ. */
export interface Paths {
  readonly machineSocket: string;
  /** Where the dashboard of the console reaches machined. */
  readonly dashboardSocket: string;
  readonly configFile: string;
  /** A configuration that is staged or on trial. */
  readonly configRecordFile: string;
  readonly identityFile: string;
  readonly membershipFile: string;
  readonly bootCountFile: string;
  /** STATE. */
  readonly stateDirectory: string;
  readonly metaFile: string;
  /** What machined needs to know after a restart of itself, gone after a reboot. */
  readonly restartFile: string;
  /** Up to where the kernel's log belongs to an earlier boot; gone after a reboot. */
  readonly kernelLogFile: string;
  /** Certificates of this boot, with their keys: on memory, never on a disk. */
  readonly certificatesFile: string;
  readonly logDirectory: string;
  /** What happened in the last boots. */
  readonly bootDirectory: string;
  readonly etcDirectory: string;
  /** Directories that must exist, with their modes, parents first. */
  readonly directories: readonly { readonly path: string; readonly mode: number; readonly isOptional?: true }[];
  /** The directory of a daemon's sockets. */
  daemonDirectory(daemon: string): string;
  /** Where a daemon reaches the state. */
  runtimeSocket(daemon: string): string;
}

/** The paths of a node; both roots are empty in a real one. */
export function pathsOf(roots: { readonly files: string; readonly sockets: string }): Paths {
  const { files, sockets } = roots;
  const state = `${files}/system/state`;
  return {
    machineSocket: `${sockets}/system/run/machined/machine.sock`,
    dashboardSocket: `${sockets}/system/run/machined/dashboard.sock`,
    configFile: `${state}/config.yaml`,
    configRecordFile: `${state}/config.next.json`,
    identityFile: `${state}/node-identity.yaml`,
    membershipFile: `${state}/membership.json`,
    bootCountFile: `${state}/boot-count`,
    stateDirectory: state,
    metaFile: `${state}/meta`,
    restartFile: `${files}/run/machined/restart.json`,
    kernelLogFile: `${files}/run/machined/kernel-log.json`,
    certificatesFile: `${files}/run/machined/certificates.json`,
    logDirectory: `${files}/var/log`,
    bootDirectory: `${files}/var/log/boots`,
    etcDirectory: `${files}/system/etc`,
    directories: [
      { path: `${files}/system`, mode: 0o755 },
      { path: state, mode: 0o700 },
      { path: `${files}/system/etc`, mode: 0o755 },
      { path: `${files}/system/run`, mode: 0o751 },
      { path: `${files}/system/run/machined`, mode: 0o711 },
      { path: `${files}/run`, mode: 0o755 },
      { path: `${files}/run/machined`, mode: 0o700 },
      { path: `${files}/var`, mode: 0o755, isOptional: true },
      { path: `${files}/var/log`, mode: 0o755, isOptional: true },
    ],
    daemonDirectory: (daemon) => `${files}/system/run/${daemon}`,
    runtimeSocket: (daemon) => `${sockets}/system/run/${daemon}/runtime.sock`,
  };
}
