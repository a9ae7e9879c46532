'use strict';
// Runs one program on its simulated machine and tells the parent, when asked, which functions have run until nothing new does:
// node <flags of the image> record.cjs <bundle> <folder of the add-ons> <simulated machine> <program> [arguments]
const { readFileSync } = require('node:fs');
const inspector = require('node:inspector');
const { createRequire } = require('node:module');
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

const [, , bundle, addons, simulation, program] = process.argv;
process.argv.splice(1, 5, program);
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

/** Modules of gRPC of which it depends on who is faster, a connection or a timer, what runs: all of their functions count. */
const RACING = /\/grpc-js\/build\/src\/(backoff-timeout|subchannel)\.js$/;

/** End offsets of functions that have run: a function is the innermost one around its last character. */
const seen = new Set();
function look() {
  const before = seen.size;
  session.post('Profiler.takePreciseCoverage', (error, { result } = { result: [] }) => {
    if (error) throw new Error(error.message);
    const functions = result.filter(({ url }) => url.endsWith(filename)).flatMap((script) => script.functions);
    const racing = functions.filter(({ functionName }) => RACING.test(functionName)).map(({ ranges }) => ranges[0]);
    const isRacing = ({ startOffset, endOffset }) => racing.some((m) => m.startOffset <= startOffset && endOffset <= m.endOffset);
    for (const { ranges } of functions) if (ranges[0].count > 0 || isRacing(ranges[0])) seen.add(ranges[0].endOffset);
  });
  return seen.size > before;
}

process.once('message', () => {
  let quiet = 0;
  const timer = realInterval(() => {
    quiet = look() ? 0 : quiet + 1;
    if (quiet < QUIET_LOOKS) return;
    clearInterval(timer);
    process.send([...seen].sort((a, b) => a - b));
  }, LOOK_MS);
});

const requireOutside = createRequire(join(addons, 'record.cjs'));
const script = new Script(readFileSync(bundle, 'latin1'), { filename });
script.runInThisContext()((id) => requireOutside(id.startsWith('minos-simulate/') ? simulation : id));
