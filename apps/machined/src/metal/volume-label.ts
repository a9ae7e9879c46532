/** What a file system says about itself. */
export interface VolumeLabel {
  readonly fsType: 'ext4' | 'xfs' | 'iso9660' | 'vfat';
  readonly label: string;
}

/** How much of the beginning of a device tells its label: that of iso9660 is the last, at 32 KiB. */
export const LABEL_BYTES = 34_816;

interface Format {
  readonly fsType: VolumeLabel['fsType'];
  readonly magic: string;
  readonly magicAt: number;
  readonly labelAt: number;
  readonly labelBytes: number;
}

/** Linux fs/ext4/ext4.h, fs/xfs/libxfs/xfs_format.h, ECMA-119 8.4, Microsoft's FAT specification. */
const FORMATS: readonly Format[] = [
  { fsType: 'ext4', magic: '\x53\xef', magicAt: 1080, labelAt: 1144, labelBytes: 16 },
  { fsType: 'xfs', magic: 'XFSB', magicAt: 0, labelAt: 108, labelBytes: 12 },
  { fsType: 'iso9660', magic: '\x01CD001', magicAt: 32_768, labelAt: 32_808, labelBytes: 32 },
  { fsType: 'vfat', magic: 'FAT32', magicAt: 82, labelAt: 71, labelBytes: 11 },
  { fsType: 'vfat', magic: 'FAT', magicAt: 54, labelAt: 43, labelBytes: 11 },
];

/** The file system and label that the first `LABEL_BYTES` of a device show; undefined for none that is known. Pure. */
export function volumeLabel(start: Buffer): VolumeLabel | undefined {
  const text = (at: number, count: number): string => start.toString('latin1', at, at + count);
  const format = FORMATS.find(({ magic, magicAt }) => text(magicAt, magic.length) === magic);
  if (format === undefined) return undefined;
  const [label = ''] = text(format.labelAt, format.labelBytes).split('\0');
  return { fsType: format.fsType, label: label.trimEnd() };
}
