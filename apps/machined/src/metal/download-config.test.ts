import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { isFault, Scope } from '@minos/base';
import { normalizePrivateKeyPem, selfSigned } from '@minos/pki';
import { type DownloadOptions, downloadConfig } from './download-config.ts';

const TEXT = 'version: v1alpha1\n';
const never = (): AbortSignal => new AbortController().signal;
const files: DownloadOptions['files'] = { readText: () => Promise.reject(new Error('there is no bundle')) };
const answer =
  (body: string | Buffer): RequestListener =>
  (_request, response) => {
    response.end(body);
  };

let scope = new Scope();
afterEach(async () => {
  await scope.close();
  scope = new Scope();
});

/** Serves on the loopback, over TLS with a key pair when there is one; gives the URL. */
async function serve(listener: RequestListener, tls?: { readonly certPem: string; readonly keyPem: string }): Promise<string> {
  const server =
    tls === undefined
      ? createServer(listener)
      : createSecureServer({ cert: tls.certPem, key: normalizePrivateKeyPem(tls.keyPem) }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.use(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/config?secret=1`;
}

const fetched = (url: string, fingerprint?: string): Promise<string> => downloadConfig({ url, fingerprint, files }, never());
const refusal = async (url: string, fingerprint?: string): Promise<string> => {
  const e = await fetched(url, fingerprint).catch((caught: unknown) => caught);
  expect(isFault(e)).toBe(true);
  return isFault(e) ? e.message : '';
};

test('a configuration is taken as it is, or packed', async () => {
  for (const body of [TEXT, gzipSync(TEXT), zstdCompressSync(TEXT)]) expect(await fetched(await serve(answer(body)))).toBe(TEXT);
});

test('a redirection is followed, but not for ever', async () => {
  const there = await serve(answer(TEXT));
  expect(await fetched(await serve((_q, r) => void r.writeHead(302, { location: there }).end()))).toBe(TEXT);
  const circle = await serve((_q, r) => void r.writeHead(302, { location: '/' }).end());
  expect(await refusal(circle)).toContain('from one address to the next');
});

test('an answer that is cut off, empty, too long, no text or an error is none, and the query is in no message', async () => {
  const cutOff = await serve((_q, r) => {
    r.writeHead(200, { 'content-length': '1000' });
    r.write(TEXT);
    setImmediate(() => r.destroy());
  });
  const messages = [
    await refusal(cutOff),
    await refusal(await serve(answer(''))),
    await refusal(await serve(answer(Buffer.alloc(5 * 2 ** 20, 'a')))),
    await refusal(await serve(answer(Buffer.from([0xff, 0xfe, 0xff])))),
    await refusal(await serve((_q, r) => void r.writeHead(404).end('no'))),
    await refusal('http://127.0.0.1:1/?secret=1'),
  ];
  expect(messages[1]).toContain('empty');
  expect(messages[2]).toContain('more than');
  expect(messages[4]).toContain('HTTP 404');
  for (const message of messages) expect(message).not.toContain('secret');
});

test('what unpacks to far more than a configuration is refused', async () => {
  expect(await refusal(await serve(answer(gzipSync(Buffer.alloc(64 * 2 ** 20)))))).toContain('unpacked');
});

test('a server that no authority vouches for is believed by the fingerprint of its key, and by no other', async () => {
  const nowMs = Date.now();
  const pair = selfSigned({
    subject: { commonName: 'config' },
    ipAddresses: ['127.0.0.1'],
    usages: ['serverAuth'],
    notBeforeMs: nowMs - 1000,
    ttlMs: 3_600_000,
  });
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end(TEXT);
  }, pair);
  expect(await fetched(url, pair.fingerprint)).toBe(TEXT);
  expect(asked).toEqual(['/config?secret=1']);
  expect(await refusal(url, 'A'.repeat(43).concat('='))).toContain('minos.config.fingerprint');
  expect(await refusal(url)).toContain('self-signed');
  expect(asked).toHaveLength(1);
});

test('a place that is no URL of http or https is refused', async () => {
  for (const url of ['metal', 'ftp://a/', 'file:///etc/passwd']) expect(await refusal(url)).toContain('no URL');
});
