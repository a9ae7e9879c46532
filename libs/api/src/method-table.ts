import type { MethodDaemon, MethodKind, MethodRow } from './method-row.ts';
import type { Role } from './role.ts';

interface Method {
  readonly kind: MethodKind;
  readonly roles: readonly Role[];
  readonly maintenanceReader?: true;
  readonly note?: string;
}

interface Service {
  readonly name: string;
  readonly daemon: MethodDaemon;
  readonly fanOut: boolean;
  readonly methods: Readonly<Record<string, Method>>;
}

const NOBODY: readonly Role[] = [];
const ADMIN: readonly Role[] = ['os:admin'];
const OPERATOR: readonly Role[] = ['os:admin', 'os:operator'];
const READER: readonly Role[] = ['os:admin', 'os:operator', 'os:reader'];
const READER_OR_BACKUP: readonly Role[] = [...READER, 'os:etcd:backup'];

const unary = (roles: readonly Role[], note = ''): Method => ({ kind: 'unary', roles, note });
const serverStream = (roles: readonly Role[], note = ''): Method => ({ kind: 'server-stream', roles, note });
const clientStream = (roles: readonly Role[], note = ''): Method => ({ kind: 'client-stream', roles, note });
const bidi = (roles: readonly Role[], note = ''): Method => ({ kind: 'bidi', roles, note });

const DEPRECATED = 'deprecated: newer clients call machine.ImageService or machine.LifecycleService';
const CONTROL_PLANE = 'only a control plane node answers it';
const READ_FILTER = 'os:operator and os:reader do not see sensitive types';
const READ_ONLY = 'only daemons may write, on their own sockets; from outside it is always refused';
const untilConfigured: Method = {
  kind: 'unary',
  roles: ADMIN,
  maintenanceReader: true,
  note: 'os:reader only while in maintenance',
};

const machineService: Service['methods'] = {
  ApplyConfiguration: untilConfigured,
  Bootstrap: unary(ADMIN, CONTROL_PLANE),
  CPUFreqStats: unary(READER),
  CPUInfo: unary(READER),
  Containers: unary(READER),
  Copy: serverStream(ADMIN),
  DiskStats: unary(READER),
  DiskUsage: serverStream(READER),
  Dmesg: serverStream(READER),
  EtcdAlarmDisarm: unary(OPERATOR),
  EtcdAlarmList: unary(READER_OR_BACKUP),
  EtcdDefragment: unary(OPERATOR),
  EtcdDowngradeCancel: unary(ADMIN),
  EtcdDowngradeEnable: unary(ADMIN),
  EtcdDowngradeValidate: unary(ADMIN),
  EtcdForfeitLeadership: unary(ADMIN),
  EtcdLeaveCluster: unary(ADMIN),
  EtcdMemberList: unary(READER_OR_BACKUP),
  EtcdRecover: clientStream(ADMIN),
  EtcdRemoveMemberByID: unary(ADMIN),
  EtcdSnapshot: serverStream([...OPERATOR, 'os:etcd:backup']),
  EtcdStatus: unary(READER_OR_BACKUP),
  Events: serverStream(READER),
  GenerateClientConfiguration: unary(ADMIN, CONTROL_PLANE),
  Hostname: unary(READER),
  ImageList: serverStream(READER, DEPRECATED),
  ImagePull: unary(OPERATOR, DEPRECATED),
  Kubeconfig: serverStream(ADMIN, CONTROL_PLANE),
  List: serverStream(READER),
  LoadAvg: unary(READER),
  Logs: serverStream(READER),
  LogsContainers: unary(READER),
  Memory: unary(READER),
  MetaDelete: unary([...ADMIN, 'os:meta:writer']),
  MetaWrite: unary([...ADMIN, 'os:meta:writer']),
  Mounts: unary(READER),
  Netstat: unary(READER),
  NetworkDeviceStats: unary(READER),
  PacketCapture: serverStream(OPERATOR),
  Processes: unary(READER),
  Read: serverStream(ADMIN),
  Reboot: unary(OPERATOR),
  Reset: unary(ADMIN),
  Restart: unary(OPERATOR),
  Rollback: unary(ADMIN),
  ServiceList: unary(READER),
  ServiceRestart: unary(OPERATOR),
  ServiceStart: unary(OPERATOR),
  ServiceStop: unary(OPERATOR),
  Shutdown: unary(OPERATOR),
  Stats: unary(READER),
  SystemStat: unary(READER),
  Upgrade: unary(ADMIN, DEPRECATED),
  Version: unary(READER),
};

const state: Service['methods'] = {
  Get: unary(READER, READ_FILTER),
  List: serverStream(READER, READ_FILTER),
  Watch: serverStream(READER, READ_FILTER),
  Create: unary(ADMIN, READ_ONLY),
  Update: unary(ADMIN, READ_ONLY),
  Destroy: unary(ADMIN, READ_ONLY),
  Teardown: unary(ADMIN, READ_ONLY),
  TeardownAndDestroy: unary(ADMIN, READ_ONLY),
};

/** Ours; outside of the compatible wire, and each call for one node. */
const configService: Service['methods'] = {
  Pending: unary(ADMIN),
  Confirm: unary(ADMIN, 'counts only over connections that are newer than the trial'),
  Revert: unary(ADMIN),
  Plan: untilConfigured,
};

const diagnosisService: Service['methods'] = {
  Sequences: unary(READER),
  Why: unary(READER),
  Boots: unary(READER),
  BootLog: unary(READER),
};

const imageService: Service['methods'] = {
  Import: clientStream(ADMIN),
  List: serverStream(READER),
  Pull: serverStream(OPERATOR),
  Remove: unary(ADMIN),
  Verify: unary([...READER, 'os:image:verifier']),
};

const machined = (name: string, fanOut: boolean, methods: Service['methods']): Service => ({
  name,
  daemon: 'machined',
  fanOut,
  methods,
});

const SERVICES: readonly Service[] = [
  machined('machine.MachineService', true, machineService),
  machined('cluster.ClusterService', true, { HealthCheck: serverStream(READER, CONTROL_PLANE) }),
  machined('inspect.InspectService', true, { ControllerRuntimeDependencies: unary(READER) }),
  machined('storage.StorageService', true, { BlockDeviceWipe: untilConfigured, Disks: unary(READER) }),
  machined('time.TimeService', true, { Time: unary(READER), TimeCheck: unary(READER) }),
  machined('cosi.resource.State', false, state),
  machined('machine.DebugService', false, { ContainerRun: bidi(ADMIN) }),
  machined('machine.ImageService', false, imageService),
  machined('machine.LVMService', false, {
    LogicalVolumeRemove: untilConfigured,
    PhysicalVolumeRemove: untilConfigured,
    VolumeGroupRemove: untilConfigured,
  }),
  machined('machine.LifecycleService', false, { Install: serverStream(ADMIN), Upgrade: serverStream(ADMIN) }),
  machined('machine.MDService', false, { Destroy: untilConfigured }),
  machined('machine.StorageService', false, { Statfs: unary(READER) }),
  machined('minos.v1.ConfigService', false, configService),
  machined('minos.v1.DiagnosisService', false, diagnosisService),
  {
    name: 'securityapi.SecurityService',
    daemon: 'trustd',
    fanOut: false,
    methods: { Certificate: unary(NOBODY, 'on port 50001 only; the join token decides, not a role') },
  },
  {
    name: 'grpc.health.v1.Health',
    daemon: 'every',
    fanOut: false,
    methods: {
      Check: unary(NOBODY, 'on the socket of each daemon only'),
      Watch: serverStream(NOBODY, 'on the socket of each daemon only'),
    },
  },
];

function rowsOf(service: Service): MethodRow[] {
  return Object.entries(service.methods).map(([name, method]) => ({
    path: `/${service.name}/${name}`,
    daemon: service.daemon,
    kind: method.kind,
    roles: method.roles,
    fanOut: service.fanOut,
    streamedInFanOut: service.fanOut && method.kind === 'server-stream',
    maintenanceReader: method.maintenanceReader ?? false,
    note: method.note ?? '',
  }));
}

const ROWS: ReadonlyMap<string, MethodRow> = new Map(SERVICES.flatMap(rowsOf).map((row) => [row.path, row]));
const FAN_OUT_SERVICES: ReadonlySet<string> = new Set(SERVICES.filter((s) => s.fanOut).map((s) => s.name));

/** The row of a method by its path on the wire; a method without a row must be refused. */
export function methodRow(path: string): MethodRow | undefined {
  return ROWS.get(path);
}

/** Every row, in the order of the table. */
export function allMethodRows(): readonly MethodRow[] {
  return [...ROWS.values()];
}

/** Whether the path belongs to one of the five services that may be asked on several nodes at once (header `nodes`). */
export function mayFanOut(path: string): boolean {
  const end = path.indexOf('/', 1);
  return path.startsWith('/') && end > 1 && FAN_OUT_SERVICES.has(path.slice(1, end));
}

/**
 * Whether a fan-out passes each reply on as it comes. The wire does not say which methods stream: known ones are looked
 * up, and of unknown ones (of a newer node) the name says it by ending in `Stream`.
 */
export function isStreamedInFanOut(path: string): boolean {
  return ROWS.get(path)?.streamedInFanOut ?? path.endsWith('Stream');
}
