import { connect } from 'node:tls';

const PATIENCE_MS = 500;

/** Whether somebody on a port of this machine speaks TLS. The forwarding of QEMU takes every connection, also when nobody in the guest listens. */
export function speaksTls(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Who it is does not matter here, and nothing is said to it.
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
  });
}
