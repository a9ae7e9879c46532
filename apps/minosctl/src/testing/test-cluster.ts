import { writeFile } from 'node:fs/promises';
import { StateDefinition } from '@minos/api/cosi';
import { MachineServiceDefinition } from '@minos/api/machine';
import { ConfigServiceDefinition, DiagnosisServiceDefinition } from '@minos/api/minos';
import { Fault, type Scope, silentLogger } from '@minos/base';
import { emitClientConfig } from '@minos/config';
import { issueCertificate, newCertificateAuthority, normalizePrivateKeyPem, selfSigned, spkiFingerprint } from '@minos/pki';
import { type BoundService, bindService, type CallContext, type Implementation, serve } from '@minos/rpc';
import { tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import type { Terminal } from '../cli/terminal.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { type TestTerminal, testTerminal } from './test-terminal.ts';

/** What the nodes of a test answer; the node that is meant is in the metadata. */
export interface TestNodes {
  /** Services beside those below. */
  readonly services?: readonly BoundService[];
  readonly machine?: Partial<Implementation<typeof MachineServiceDefinition>>;
  readonly state?: BoundService;
  readonly config?: Partial<Implementation<typeof ConfigServiceDefinition>>;
  readonly diagnosis?: Partial<Implementation<typeof DiagnosisServiceDefinition>>;
}

/** An endpoint on loopback with mutual TLS, and a client configuration that knows it. */
export interface TestEndpoint {
  readonly dir: string;
  readonly port: number;
  readonly configFile: string;
  /** Of the server's certificate. */
  readonly fingerprint: string;
  /** Runs one command line to its end. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Starts one; `done` is its end. */
  start(...args: readonly string[]): Started;
  /** Starts one at a terminal that is unlike the others. */
  startAt(overrides: Partial<Terminal>, ...args: readonly string[]): Started;
}

/** A command line that runs. */
export interface Started {
  readonly terminal: TestTerminal;
  readonly done: Promise<number>;
}

/** How a command line ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const HOUR_MS = 3_600_000;
/** Nodes of the context; their names are only headers. */
export const NODES = ['10.9.0.2', '10.9.0.3', '10.9.0.4'];

/** The node that a call is for. */
export function nodeOf(context: CallContext): string {
  return context.metadata.first('node') ?? '';
}

/** Throws what an endpoint says of a node that it cannot reach. */
export function lost(node: string): never {
  throw new Fault('unavailable', `connect ECONNREFUSED ${node}:50000`);
}

/** What may be unusual about an endpoint. */
export interface EndpointOptions {
  /** Another endpoint stands before it, which refuses. */
  readonly deadEndpoint?: boolean;
  /** It shows a certificate that nobody signed. */
  readonly isSelfSigned?: boolean;
  /** It asks for no certificate, as a machine without a configuration does. */
  readonly isAnonymous?: boolean;
  /** When the client's certificate is valid; an hour from now when absent. */
  readonly clientSpan?: { readonly notBeforeMs: number; readonly ttlMs: number };
}

/** Serves nodes on loopback until the scope closes. */
export async function testEndpoint(scope: Scope, nodes: TestNodes, options: EndpointOptions = {}): Promise<TestEndpoint> {
  const { path: dir } = scope.use(await tempDir('minosctl'));
  const nowMs = Date.now();
  const ca = newCertificateAuthority({ organization: 'talos', nowMs });
  const span = { notBeforeMs: nowMs - 1000, ttlMs: HOUR_MS };
  const shown = { subject: {}, ipAddresses: ['127.0.0.1'], usages: ['serverAuth'], ...span } as const;
  const server = options.isSelfSigned === true ? selfSigned(shown) : issueCertificate({ ca, ...shown });
  const admin = issueCertificate({
    ca,
    subject: { organizations: ['os:admin'] },
    usages: ['clientAuth'],
    ...(options.clientSpan ?? span),
  });
  const tls = {
    ca: ca.certPem,
    cert: server.certPem,
    key: normalizePrivateKeyPem(server.keyPem),
    requestCert: options.isAnonymous !== true,
    rejectUnauthorized: options.isAnonymous !== true,
  };
  const services = [
    ...(nodes.services ?? []),
    bindService(MachineServiceDefinition, nodes.machine ?? {}),
    nodes.state ?? bindService(StateDefinition, {}),
    bindService(ConfigServiceDefinition, nodes.config ?? {}),
    bindService(DiagnosisServiceDefinition, nodes.diagnosis ?? {}),
  ];
  const { port } = scope.use(
    await serve({ listen: { kind: 'tcp', host: '127.0.0.1', port: 0, tls }, services, log: silentLogger }),
  );
  const configFile = `${dir}/config`;
  const context = {
    // Port 1 is taken by nobody: a first endpoint that refuses.
    endpoints: [...(options.deadEndpoint === true ? ['127.0.0.1:1'] : []), `127.0.0.1:${port}`],
    nodes: NODES,
    caPem: ca.certPem,
    certPem: admin.certPem,
    keyPem: admin.keyPem,
    others: {},
  };
  await writeFile(configFile, emitClientConfig({ context: 'test', contexts: new Map([['test', context]]) }));
  const startAt = (overrides: Partial<Terminal>, ...args: readonly string[]): Started => {
    const terminal = testTerminal(dir, overrides);
    return { terminal, done: runCli(COMMAND_TABLE, ['--minosconfig', configFile, ...args], terminal) };
  };
  const start = (...args: readonly string[]): Started => startAt({}, ...args);
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const { terminal, done } = start(...args);
    const code = await done;
    return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
  };
  return { dir, port, configFile, fingerprint: spkiFingerprint(server.certPem), run, start, startAt };
}
