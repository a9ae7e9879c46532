import { aborted, Fault, Secret } from '@minos/base';
import { runDaemon } from '../index.ts';

/** A program for the tests of runDaemon: does what `--act` says. */
await runDaemon({
  name: 'probe',
  description: 'Does what it is told, to show how a daemon ends.',
  options: {
    act: { kind: 'text', default: 'serve', help: 'what to do' },
    lines: { kind: 'number', default: 0, help: 'how many lines to log' },
  },
  environment: { PROBE_WORD: { default: 'none', help: 'a word to log' } },
  run: async (context) => {
    const { log, signal, args, environment } = context;
    log.info({ word: environment.PROBE_WORD, runDir: context.runDir, secret: new Secret('hidden') }, 'started');
    if (args.act === 'refuse') throw new Fault('invalid', 'the name is wrong', { name: 'x' });
    if (args.act === 'fail') throw new Fault('unavailable', 'the world is gone');
    if (args.act === 'print') return;
    context.ready();
    if (args.act === 'late-refuse') throw new Fault('precondition', 'too late to be a matter of configuration');
    if (args.act === 'end') return;
    if (args.act === 'throw') void Promise.reject(new Error('nobody caught this'));
    for (let n = 0; n < args.lines; n += 1) log.info({ n, padding: 'x'.repeat(1000) }, 'line');
    const alive = setInterval(() => log.debug({}, 'tick'), 1000);
    await aborted(signal);
    clearInterval(alive);
  },
});
