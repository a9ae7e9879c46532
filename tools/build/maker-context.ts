import type { UnpackedPackages } from './package-store.ts';

/** What a maker of a part of the image is given. */
export interface MakerContext {
  /** The root of the checkout. */
  readonly root: string;
  readonly packages: UnpackedPackages;
  /** Where it puts what it makes; nothing is there yet. */
  readonly target: string;
}
