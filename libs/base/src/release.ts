declare const MINOS_COMMIT: string | undefined;
declare const MINOS_COMMITTED: string | undefined;

/** What this program is. */
export interface Release {
  /** A version of the compatible line, with ours as build metadata: clients choose their upgrade path by it. */
  readonly tag: string;
  /** Short name of the commit that it was built from, `-dirty` behind it when files differed; `unknown` outside a build. */
  readonly commit: string;
  /** When that commit was made, RFC 3339; `unknown` outside a build. */
  readonly built: string;
}

/** What is running: the bundler puts commit and time in, so that one commit always builds the same bytes. */
export const RELEASE: Release = {
  tag: 'v1.14.0+minos.0.1.0',
  commit: typeof MINOS_COMMIT === 'string' ? MINOS_COMMIT : 'unknown',
  built: typeof MINOS_COMMITTED === 'string' ? MINOS_COMMITTED : 'unknown',
};
