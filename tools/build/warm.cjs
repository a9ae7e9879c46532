'use strict';
// Runs one program of a bundle exactly as the loader does, and writes V8's code cache when the parent says so:
// node <the flags of the image> warm.cjs <bundle> <module with the simulated machine> <program> [arguments]
const { readFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { createRequire } = require('node:module');
const { Script } = require('node:vm');

const [, , filename, simulation, program] = process.argv;
process.argv.splice(1, 3, `${dirname(filename)}/minos.js`);
const script = new Script(readFileSync(filename, 'latin1'), { filename: '/usr/lib/minos/minos.bundle.js' });
process.on('message', () => {
  process.send(script.createCachedData().toString('base64'));
});
const requireFromBundle = createRequire(filename);
script.runInThisContext()((name) => requireFromBundle(name.startsWith('minos-simulate/') ? simulation : name), program);
