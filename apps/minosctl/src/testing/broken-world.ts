import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { MachineServiceDefinition, VersionResponse } from '@minos/api/machine';
import { type Scope, silentLogger } from '@minos/base';
import { emitClientConfig } from '@minos/config';
import {
  type IssueOptions,
  issueCertificate,
  type KeyPairPem,
  newCertificateAuthority,
  normalizePrivateKeyPem,
  selfSigned,
} from '@minos/pki';
import { bindService, serve } from '@minos/rpc';
import { tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { testTerminal } from './test-terminal.ts';

const HOUR_MS = 3_600_000;

/** How a command line ended, with the lines of JSON that it wrote to standard error. */
export interface BrokenRun {
  readonly code: number;
  readonly stdout: string;
  readonly errors: readonly Record<string, unknown>[];
}

/** An authority, servers and contexts of it, to be made wrong in one way each. */
export class BrokenWorld {
  readonly ca: KeyPairPem;
  readonly nowMs: number = Date.now();
  readonly #scope: Scope;
  readonly dir: string;

  static async open(scope: Scope): Promise<BrokenWorld> {
    const { path } = scope.use(await tempDir('broken'));
    return new BrokenWorld(scope, path);
  }

  private constructor(scope: Scope, dir: string) {
    this.#scope = scope;
    this.dir = dir;
    this.ca = newCertificateAuthority({ organization: 'talos', nowMs: this.nowMs });
  }

  /** A certificate of the authority for a server on 127.0.0.1, with what is given instead. */
  server(odd: Partial<IssueOptions> = {}): KeyPairPem {
    return issueCertificate({ ...this.#leaf(), ca: this.ca, ipAddresses: ['127.0.0.1'], usages: ['serverAuth'], ...odd });
  }

  selfSigned(): KeyPairPem {
    return selfSigned({ ...this.#leaf(), ipAddresses: ['127.0.0.1'], usages: ['serverAuth'] });
  }

  /** A client's certificate of the authority, with what is given instead. */
  client(odd: Partial<IssueOptions> = {}): KeyPairPem {
    const subject = { organizations: ['os:admin'] };
    return issueCertificate({ ...this.#leaf(), ca: this.ca, subject, usages: ['clientAuth'], ...odd });
  }

  /** Serves the API with mutual TLS; the endpoint. */
  async api(pair: KeyPairPem, clientAuthority: string = this.ca.certPem): Promise<string> {
    const Version = async () => VersionResponse.fromPartial({ messages: [{ version: { tag: 'v1' } }] });
    const tls = {
      ca: clientAuthority,
      cert: pair.certPem,
      key: normalizePrivateKeyPem(pair.keyPem),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const services = [bindService(MachineServiceDefinition, { Version })];
    const { port } = this.#scope.use(
      await serve({ listen: { kind: 'tcp', host: '127.0.0.1', port: 0, tls }, services, log: silentLogger }),
    );
    return `127.0.0.1:${port}`;
  }

  /** A bare TCP server; the endpoint. */
  tcp(onSocket: (socket: Socket) => void): Promise<string> {
    return this.#listen(createTcpServer((socket) => onSocket(socket.on('error', () => undefined))));
  }

  /** A TLS server with a good certificate that does not speak gRPC; the endpoint. */
  tls(alpn: string, onSocket: (socket: Socket) => void): Promise<string> {
    const { certPem, keyPem } = this.server();
    const options = { cert: certPem, key: normalizePrivateKeyPem(keyPem), ALPNProtocols: [alpn] };
    return this.#listen(createTlsServer(options, (socket) => onSocket(socket.on('error', () => undefined))));
  }

  /** Writes a client configuration with one context; its path. */
  async context(odd: { ca?: string; pair?: KeyPairPem; endpoints?: readonly string[]; nodes?: readonly string[] } = {}) {
    const pair = odd.pair ?? this.client();
    const context = {
      endpoints: odd.endpoints ?? ['127.0.0.1:1'],
      nodes: odd.nodes ?? ['10.9.0.2'],
      caPem: odd.ca ?? this.ca.certPem,
      certPem: pair.certPem,
      keyPem: pair.keyPem,
      others: {},
    };
    const file = `${this.dir}/config`;
    await writeFile(file, emitClientConfig({ context: 'test', contexts: new Map([['test', context]]) }));
    return file;
  }

  /** Runs `minosctl … version -o json`. */
  async version(...args: readonly string[]): Promise<BrokenRun> {
    const terminal = testTerminal(this.dir);
    const code = await runCli(COMMAND_TABLE, [...args, 'version', '-o', 'json'], terminal);
    const lines = terminal.stderr().split('\n');
    const errors = lines.filter((line) => line.startsWith('{')).map((line): Record<string, unknown> => JSON.parse(line));
    return { code, stdout: terminal.stdout(), errors };
  }

  async #listen(server: Server): Promise<string> {
    const open = new Set<Socket>();
    server.on('connection', (socket: Socket) => open.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#scope.use(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  #leaf(): Pick<IssueOptions, 'subject' | 'notBeforeMs' | 'ttlMs'> {
    return { subject: {}, notBeforeMs: this.nowMs - 1000, ttlMs: HOUR_MS };
  }
}
