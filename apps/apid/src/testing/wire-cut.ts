import { connect, createServer, type Socket } from 'node:net';

/** A wire between clients and a server that can be cut so that neither side hears of it. */
export interface WireCut extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing goes through, and nothing is closed. */
  cut(): void;
}

/** Listens on an address and passes bytes on to a server. */
export async function wireCut(
  address: string,
  listenPort: number,
  to: { readonly host: string; readonly port: number },
): Promise<WireCut> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer((front) => {
    own(front);
    if (isCut) return;
    const back = own(connect(to));
    front.on('data', (bytes) => isCut || back.write(bytes));
    back.on('data', (bytes) => isCut || front.write(bytes));
    front.on('close', () => isCut || back.destroy());
    back.on('close', () => isCut || front.destroy());
  });
  await new Promise<void>((resolve) => server.listen(listenPort, address, resolve));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    cut: () => {
      isCut = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
