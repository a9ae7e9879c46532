import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { Fault } from '@minos/base';
import type { Supervisor } from '../../port/supervisor.ts';
import { InitConnection } from './init-connection.ts';

/** The file descriptor that init gives to machined (rootfs/init/README.md). */
export const SUPERVISOR_FD = 3;

/** Speaks to init over the inherited socket; throws `precondition` when there is none. The caller owns the result. */
export async function openSupervisor(fd: number = SUPERVISOR_FD): Promise<Supervisor> {
  if (!isSocket(fd)) throw new Fault('precondition', 'this process was not started by init: it has no supervisor socket', { fd });
  return await connectSupervisor(new Socket({ fd, readable: true, writable: true }));
}

/** The same over any connected stream socket; closes it when the greeting fails. */
export async function connectSupervisor(socket: Socket): Promise<Supervisor> {
  const connection = new InitConnection(socket);
  try {
    await connection.greet();
    return connection;
  } catch (e) {
    await connection[Symbol.asyncDispose]();
    throw e;
  }
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}
