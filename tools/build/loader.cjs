'use strict';
// The main script of the one executable of a node: becomes the program whose name it was started under. Nothing is searched for
// and nothing outside is read: source and code cache are assets inside the executable, and the native add-ons are at a fixed
// place beside it. V8 refuses a code cache that does not fit and compiles as usual; that is said, because it costs time and memory.
const { writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const sea = require('node:sea');
const { Script } = require('node:vm');

const name = basename(process.argv0);
const { programs, caches } = JSON.parse(sea.getAsset('programs.json', 'utf8'));

function nameProcess() {
  try {
    // Its own thread's file is open to a process that nobody may look into; /proc/self/comm is not.
    writeFileSync(`/proc/self/task/${process.pid}/comm`, name);
  } catch {
    // Without /proc it keeps the name that Node gave it.
  }
}

/** What the program may require: modules of Node, and the add-ons of the image. */
function requireKnown(id) {
  if (!/^\.\/[a-z]+\.node$/.test(id)) return require(id);
  const addon = { exports: {} };
  process.dlopen(addon, join(process.execPath, '../../usr/lib/minos', id));
  return addon.exports;
}

/** Views of the executable itself: no copy is made. */
function load(program) {
  const cachedData = caches.includes(program) ? new Uint8Array(sea.getRawAsset(`${program}.cache`)) : undefined;
  const source = Buffer.from(sea.getRawAsset(`${program}.js`)).latin1Slice();
  const script = new Script(source, { filename: `minos/${program}.js`, cachedData });
  if (script.cachedDataRejected) process.stderr.write(`${name}: the code cache was refused\n`);
  return script.runInThisContext();
}

if (!Object.hasOwn(programs, name)) {
  process.stderr.write(
    `this is no program: it is one of ${Object.keys(programs).join(', ')} by the name under which it is started\n`,
  );
  process.exit(100);
}
nameProcess();
load(programs[name])(requireKnown);
