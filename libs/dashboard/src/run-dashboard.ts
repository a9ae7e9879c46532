import { StringDecoder } from 'node:string_decoder';
import { MachineServiceDefinition } from '@minos/api/machine';
import { type Clock, messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import { type Action, actionsOf } from './key-actions.ts';
import type { NodeSource } from './node-source.ts';
import { type NodeView, newNodeView, withLog, withLoss, withReading } from './node-view.ts';
import { readNode } from './read-node.ts';
import { ResourceBrowser } from './resource-browser.ts';
import type { Screen } from './screen.ts';
import { screenLines, type Tab } from './screen-lines.ts';
import { Pacer, ScreenWriter } from './screen-writer.ts';

/** A node to show. */
export interface DashboardNode {
  readonly name: string;
  /** How it is asked until the signal is aborted. */
  source(signal: AbortSignal): NodeSource;
}

/** What the dashboard runs on. The screen and the channels stay their owner's. */
export interface DashboardOptions {
  readonly nodes: readonly [DashboardNode, ...DashboardNode[]];
  readonly screen: Screen;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Whether the kernel writes on the same terminal, so that everything has to be drawn each time. */
  readonly isShared: boolean;
  /** Whether a key may end it. */
  readonly canQuit: boolean;
}

const LOG_AGAIN_MS = 3000;
/** A kernel log that comes in one burst is cut before it is kept. */
const LINE_CHARACTERS = 500;

/** Shows nodes until a key or the signal ends it; a node that is gone is asked again at every interval. Only the one shown is asked. */
export async function runDashboard(options: DashboardOptions, signal: AbortSignal): Promise<void> {
  const quit = new AbortController();
  const ended = AbortSignal.any([signal, quit.signal]);
  const dashboard = new Dashboard(options, ended);
  options.screen.onResize(() => dashboard.draw());
  options.screen.onInput((sent) => {
    for (const action of actionsOf(sent)) {
      if (action === 'quit' && options.canQuit) quit.abort();
      else dashboard.act(action);
    }
  });
  dashboard.draw();
  await dashboard.follow();
}

class Dashboard {
  readonly #options: DashboardOptions;
  readonly #signal: AbortSignal;
  readonly #views: NodeView[];
  readonly #writer = new ScreenWriter();
  readonly #pacer: Pacer;
  #browser = new ResourceBrowser();
  #shown = 0;
  #tab: Tab = 'summary';
  /** Aborted when another node is shown. */
  #turn = new AbortController();

  constructor(options: DashboardOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#views = options.nodes.map(({ name }) => newNodeView(name));
    this.#pacer = new Pacer(options.clock, () => this.#paint(), signal);
  }

  draw(): void {
    this.#pacer.now();
  }

  act(action: Action): void {
    if (action === 'quit') return;
    if (action === 'next-node') this.#show(1);
    else if (action === 'previous-node') this.#show(-1);
    else if (action === 'summary' || action === 'monitor' || action === 'resources') {
      this.#tab = action;
      if (action === 'resources') this.#browse();
    } else if (this.#tab === 'resources' && this.#browser.move(action)) this.#browse();
    this.draw();
  }

  /** Follows the node that is shown, one after the other, until the end. */
  async follow(): Promise<void> {
    while (!this.#signal.aborted) {
      const turn = AbortSignal.any([this.#signal, this.#turn.signal]);
      const at = this.#shown;
      await Promise.all([this.#poll(at, turn), this.#readLog(at, turn)]);
    }
  }

  #show(step: number): void {
    const count = this.#views.length;
    if (count < 2) return;
    this.#shown = (this.#shown + step + count) % count;
    this.#browser = new ResourceBrowser();
    const before = this.#turn;
    this.#turn = new AbortController();
    before.abort();
    if (this.#tab === 'resources') this.#browse();
  }

  #source(at: number, signal: AbortSignal): NodeSource {
    return (this.#options.nodes[at] ?? this.#options.nodes[0]).source(signal);
  }

  #change(at: number, change: (view: NodeView) => NodeView): void {
    const view = this.#views[at];
    if (view === undefined) return;
    this.#views[at] = change(view);
    this.#pacer.ask();
  }

  #browse(): void {
    const browser = this.#browser;
    const source = this.#source(this.#shown, AbortSignal.any([this.#signal, this.#turn.signal]));
    browser.refresh(source).then(
      () => this.#pacer.ask(),
      () => this.#pacer.ask(),
    );
  }

  async #poll(at: number, turn: AbortSignal): Promise<void> {
    const { clock, intervalMs } = this.#options;
    while (!turn.aborted) {
      try {
        const reading = await readNode(this.#source(at, turn), () => clock.now());
        this.#change(at, (view) => withReading(view, reading));
        if (this.#tab === 'resources') this.#browse();
      } catch (e) {
        if (!turn.aborted) this.#change(at, (view) => withLoss(view, clock.now(), messageOf(e)));
      }
      await pause(clock, intervalMs, turn);
    }
  }

  async #readLog(at: number, turn: AbortSignal): Promise<void> {
    while (!turn.aborted) {
      try {
        const source = this.#source(at, turn);
        const stream = client(source.channel, MachineServiceDefinition).Dmesg(
          { follow: true, tail: false },
          source.streamOptions,
        );
        const decoder = new StringDecoder('utf8');
        let rest = '';
        let isFirst = true;
        for await (const { bytes } of stream) {
          const lines = `${rest}${decoder.write(bytes)}`.split('\n');
          rest = (lines.pop() ?? '').slice(0, LINE_CHARACTERS);
          // The log is told from its beginning each time.
          const isAgain = isFirst;
          isFirst = false;
          this.#change(at, (view) => withLog(isAgain ? { ...view, log: [] } : view, lines));
        }
      } catch {
        // Why the node does not answer is told by the poll; a log that may not be read stays empty.
      }
      await pause(this.#options.clock, LOG_AGAIN_MS, turn);
    }
  }

  #paint(): void {
    const { screen, clock, canQuit } = this.#options;
    const view = this.#views[this.#shown];
    if (view === undefined) return;
    const size = screen.size();
    const position = { at: this.#shown + 1, of: this.#views.length };
    const lines = screenLines({ view, tab: this.#tab, browser: this.#browser, position, nowMs: clock.now(), canQuit }, size);
    if (this.#options.isShared) this.#writer.forget();
    const text = this.#writer.update(lines, size);
    if (text !== '') screen.write(text);
  }
}

/** Waits, or not so long when another node is shown. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
