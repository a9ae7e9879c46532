// node tools/qemu/relay.ts <port>: hands on standard input and output to a port of 127.0.0.1. QEMU starts it for a connection of the guest.
import { connect } from 'node:net';
import { argv, stdin, stdout } from 'node:process';

const socket = connect(Number(argv[2]), '127.0.0.1');
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(0));
stdin.pipe(socket);
socket.pipe(stdout);
