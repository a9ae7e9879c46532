'use strict';
// Runs one program on its simulated machine and tells the parent, when asked, which functions have run until nothing new does, and
// which are of modules that only a real machine runs, as ranges of the bundle in ascending order:
// node <flags of the image> record.cjs <bundle> <folder of the add-ons> <simulated machine> <pattern of modules> <program> [arguments]
const { readFileSync } = require('node:fs');
const inspector = require('node:inspector');
const { createRequire, SourceMap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const LOOK_MS = 150;
/** So many looks without a new function end the record. */
const QUIET_LOOKS = 5;
/** A timer that waits longer than this is one for when something does not happen: it waits so many times longer, so that a slow
    machine records what a fast one does. What waits longer than a second never comes. */
const SHORT_TIMER_MS = 20;
const STRETCH = 20;
const LONG_TIMER_MS = 1000;
const NEVER_MS = 2 ** 31 - 1;

const [, , bundle, addons, simulation, wholeModules, program] = process.argv;
process.argv.splice(1, 6, program);
const filename = `minos/${program}.js`;

/** The clock of the day stands still, so that nothing depends on how long anything took. */
const now = Date.now();
globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [now] : args));
  }
  static now() {
    return now;
  }
};

const { setInterval: realInterval, setTimeout: realTimeout } = globalThis;
const wait = (ms) => (ms > LONG_TIMER_MS ? NEVER_MS : ms > SHORT_TIMER_MS ? ms * STRETCH : ms);
globalThis.setTimeout = Object.assign((call, ms, ...rest) => realTimeout(call, wait(ms), ...rest), realTimeout);
globalThis.setInterval = (call, ms, ...rest) => realInterval(call, wait(ms), ...rest);

const session = new inspector.Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const source = readFileSync(bundle, 'latin1');
const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
const whole = new RegExp(wholeModules);
const lineStarts = [0];
for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lineStarts.push(at + 1);

/** Whether a function is of a module that counts as a whole. */
function isOfWhole({ startOffset }) {
  const line = lineStarts.findLastIndex((start) => start <= startOffset);
  // Of a method, the first character may still belong to what is before it.
  const { originalSource = '' } = map.findEntry(line, startOffset - lineStarts[line] + 1);
  return whole.test(originalSource);
}

/** Functions that have run, by where they end: a function is the innermost one around its last character. */
const seen = new Map();
/** Those known of, so that each is looked up once. */
const known = new Set();
function look() {
  const before = seen.size;
  session.post('Profiler.takePreciseCoverage', (error, { result } = { result: [] }) => {
    if (error) throw new Error(error.message);
    const functions = result.filter(({ url }) => url.endsWith(filename)).flatMap((script) => script.functions);
    for (const { ranges } of functions) {
      const [{ startOffset, endOffset, count }] = ranges;
      if (startOffset === 0) continue;
      if (!known.has(endOffset) && isOfWhole(ranges[0])) seen.set(endOffset, startOffset);
      else if (count > 0 && !seen.has(endOffset)) seen.set(endOffset, endOffset - 1);
      known.add(endOffset);
    }
  });
  return seen.size > before;
}

process.once('message', () => {
  let quiet = 0;
  const timer = realInterval(() => {
    quiet = look() ? 0 : quiet + 1;
    if (quiet < QUIET_LOOKS) return;
    clearInterval(timer);
    process.send([...seen].map(([end, start]) => [start, end]).sort(([a], [b]) => a - b));
  }, LOOK_MS);
});

const requireOutside = createRequire(join(addons, 'record.cjs'));
const script = new Script(source, { filename });
script.runInThisContext()((id) => requireOutside(id.startsWith('minos-simulate/') ? simulation : id));
