/** The version of this program: the compatible line, with ours as build metadata. */
export const VERSION_TAG = 'v1.14.0+minos.0.1.0';
