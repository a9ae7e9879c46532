import { expect, test } from '@jest/globals';
import { LABEL_BYTES, volumeLabel } from './volume-label.ts';

function device(parts: Readonly<Record<number, string>>): Buffer {
  const bytes = Buffer.alloc(LABEL_BYTES);
  for (const [at, text] of Object.entries(parts)) bytes.write(text, Number(at), 'latin1');
  return bytes;
}

test('the label of each kind of file system is read', () => {
  expect(volumeLabel(device({ 1080: '\x53\xef', 1144: 'STATE' }))).toEqual({ fsType: 'ext4', label: 'STATE' });
  expect(volumeLabel(device({ 0: 'XFSB', 108: 'EPHEMERAL' }))).toEqual({ fsType: 'xfs', label: 'EPHEMERAL' });
  expect(volumeLabel(device({ 32768: '\x01CD001', 32808: 'cidata'.padEnd(32) }))).toEqual({ fsType: 'iso9660', label: 'cidata' });
  expect(volumeLabel(device({ 54: 'FAT16', 43: 'CIDATA     ' }))).toEqual({ fsType: 'vfat', label: 'CIDATA' });
  expect(volumeLabel(device({ 82: 'FAT32', 71: 'CIDATA     ' }))).toEqual({ fsType: 'vfat', label: 'CIDATA' });
});

test('a label that fills its field ends with it', () => {
  expect(volumeLabel(device({ 0: 'XFSB', 108: 'ABCDEFGHIJKLMNOP' }))).toEqual({ fsType: 'xfs', label: 'ABCDEFGHIJKL' });
});

test('what is no file system that is known, or too short, has none', () => {
  expect(volumeLabel(device({ 0: 'hsqs' }))).toBeUndefined();
  expect(volumeLabel(Buffer.alloc(0))).toBeUndefined();
});
