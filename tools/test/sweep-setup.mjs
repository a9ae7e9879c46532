import { join } from 'node:path';
import { sweepLeftovers } from './sweep.ts';

/** Before the first story: what killed runs left goes. Jest asks for a default export here. */
export default async function setup() {
  await sweepLeftovers(join(import.meta.dirname, '../..'));
}
