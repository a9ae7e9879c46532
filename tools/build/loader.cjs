'use strict';
// Starts one program of the bundle beside this file: node minos.js <program> [arguments].
// The code cache of that program, made by the same Node with the same flags, spares V8 the compilation. V8 itself refuses
// a cache that does not fit and compiles as usual. Nothing of the source or the cache is referenced once the program runs.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

function readCache(program) {
  if (!/^[a-z]+$/.test(program ?? '')) return undefined;
  try {
    return readFileSync(`${__dirname}/${program}.cache`);
  } catch {
    return undefined;
  }
}

function load() {
  const filename = `${__dirname}/minos.bundle.js`;
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: readCache(process.argv[2]) });
  return script.runInThisContext();
}

load()(require, process.argv[2]);
