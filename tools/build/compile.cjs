'use strict';
// Writes the code cache of a bundle with exactly the functions in the given ranges (and those around them) compiled;
// nothing of the bundle runs, so the cache depends on nothing else:
// node <flags of the image> --predictable compile.cjs <bundle> <program> <file with the ranges> <cache>
const { readFileSync, writeFileSync } = require('node:fs');
const inspector = require('node:inspector');
const { Script } = require('node:vm');

const [, , bundle, program, rangesFile, cache] = process.argv;
const filename = `minos/${program}.js`;
const source = readFileSync(bundle, 'latin1');

const lineStarts = [0];
for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lineStarts.push(at + 1);

function position(scriptId, offset) {
  const line = lineStarts.findLastIndex((start) => start <= offset);
  return { scriptId, lineNumber: line, columnNumber: offset - lineStarts[line] };
}

const session = new inspector.Session();
session.connect();
let scriptId;
session.on('Debugger.scriptParsed', ({ params }) => {
  if (params.url.endsWith(filename)) ({ scriptId } = params);
});
session.post('Debugger.enable');
const script = new Script(source, { filename });
script.runInThisContext();
// To tell where a breakpoint can be, V8 compiles the functions around the place. There is no other way to compile without running.
for (const [from, to] of JSON.parse(readFileSync(rangesFile, 'utf8'))) {
  const range = { start: position(scriptId, from), end: position(scriptId, to) };
  session.post('Debugger.getPossibleBreakpoints', range, (error) => {
    if (error) throw new Error(error.message);
  });
}
session.post('Debugger.disable');
session.disconnect();
writeFileSync(cache, script.createCachedData());
