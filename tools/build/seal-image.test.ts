import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { sealedParts, sealImage } from './seal-image.ts';

const KEYS = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function squashfs(): Buffer {
  const bytes = Buffer.alloc(12_000, 5);
  bytes.write('hsqs');
  bytes.writeBigUInt64LE(11_000n, 40);
  return bytes;
}

test('the seal comes right behind the squashfs, is signed, and the same image gets the same bytes', () => {
  const sealed = sealImage(squashfs(), KEYS.privateKey);
  const { rootHash, signature, tree, end } = sealedParts(sealed);
  const sealAt = tree - 4096;
  expect([sealAt, sealed.toString('latin1', sealAt, sealAt + 8), end - tree]).toEqual([12_288, 'MINOSVT1', 4096]);
  expect(rootHash).toBe(sealAt + 56);
  const length = sealed.readUInt32LE(signature - 4);
  const isValid = verify(
    'sha256',
    sealed.subarray(sealAt, sealAt + 88),
    KEYS.publicKey,
    sealed.subarray(signature, signature + length),
  );
  expect(isValid).toBe(true);
  expect(sealImage(squashfs(), KEYS.privateKey).equals(sealed)).toBe(true);
});

test('what is no whole squashfs is refused', () => {
  expect(() => sealImage(squashfs().subarray(0, 9000), KEYS.privateKey)).toThrow('no whole squashfs');
  expect(() => sealImage(Buffer.alloc(100), KEYS.privateKey)).toThrow('no whole squashfs');
});
