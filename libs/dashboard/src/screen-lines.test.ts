import { expect, test } from '@jest/globals';
import { type Size, span, textOf } from './line.ts';
import { newNodeView, withLog, withLoss, withReading } from './node-view.ts';
import { ResourceBrowser } from './resource-browser.ts';
import { type Shown, screenLines } from './screen-lines.ts';
import { testReading } from './testing/test-reading.ts';

const USUAL: Size = { columns: 80, rows: 24 };
const HOUR_MS = 3_600_000;
const view = withLog(
  withReading(withReading(newNodeView('10.5.0.2'), testReading({ idle: 10 })), testReading({ idle: 13, user: 1, atMs: 3000 })),
  Array.from({ length: 100 }, (_, i) => `kern: warning: [2026-01-01T10:20:30.5Z]: line ${i}`),
);

function shownAt(size: Size, parts: Partial<Shown> = {}): readonly string[] {
  const shown: Shown = {
    view,
    tab: 'summary',
    browser: new ResourceBrowser(),
    position: { at: 1, of: 2 },
    nowMs: HOUR_MS,
    canQuit: true,
    ...parts,
  };
  return screenLines(shown, size).map(textOf);
}

test('80 by 24 has the node, its network, services and the end of the log', () => {
  const lines = shownAt(USUAL).map((line) => line.trimEnd());
  expect(lines.slice(0, 13)).toEqual([
    'cp-1 (10.5.0.2)  Minos v0.1.0  up 1h0m',
    '2 cores 25.0%  memory 1.0 GiB 25.0%  1 processes',
    '── node ───────────────────────────────  ── network ────────────────────────────',
    'type      controlplane                   address   10.5.0.2/24',
    'cluster   lab (3 machines)               gateway   10.5.0.1',
    'uuid      n/a                            resolver  10.5.0.1',
    'stage     running                        time      none',
    'ready     yes                            connected yes',
    '── services ────────────────────────────────────────────────────────────────────',
    'SERVICE  STATE    HEALTH  LAST EVENT',
    'apid     Running  OK      Health check successful',
    'trustd   Failed   ?',
    '── kernel log ──────────────────────────────────────────────────────────────────',
  ]);
  expect(lines.slice(-2)).toEqual(['10:20:30 line 99', ' F1 summary   F2 monitor   F3 resources   node 1 of 2: ←→  q leaves']);
});

test('every screen fills the terminal exactly, however small it is', () => {
  for (const tab of ['summary', 'monitor', 'resources'] as const) {
    for (const size of [USUAL, { columns: 200, rows: 60 }, { columns: 40, rows: 10 }, { columns: 10, rows: 3 }]) {
      const lines = shownAt(size, { tab });
      expect([tab, size, lines.length]).toEqual([tab, size, size.rows]);
      expect(new Set(lines.map((line) => line.length))).toEqual(new Set([size.columns]));
    }
  }
});

test('a narrow terminal has the panels below each other', () => {
  const lines = shownAt({ columns: 50, rows: 40 });
  expect(lines[2]?.startsWith('── node ─')).toBe(true);
  expect(lines[8]?.startsWith('── network ─')).toBe(true);
});

test('a node that is gone says since when and why, and what was known stays', () => {
  const lost = withLoss(view, HOUR_MS, 'nothing listens there');
  const lines = shownAt(USUAL, { view: lost, nowMs: HOUR_MS + 5000 });
  expect(lines[1]?.trimEnd()).toBe('gone since 01:00:00 UTC (5s): nothing listens there');
  expect(lines.join('\n')).toContain('lab (3 machines)');
});

test('a node of which nothing is known yet shows n/a', () => {
  const lines = shownAt(USUAL, { view: newNodeView('10.5.0.9') });
  expect(lines[0]?.trimEnd()).toBe('n/a (10.5.0.9)  n/a  up n/a');
  expect(lines.join('\n')).toContain('stage     n/a');
});

test('what the node waits for and its diagnostics are shown when there are any', () => {
  const reading = testReading({ isReady: false, unmet: ['time: not in sync'], diagnostics: ['dns: no resolver answers'] });
  const text = shownAt(USUAL, { view: withReading(newNodeView('a'), reading) }).join('\n');
  expect(text).toContain('time: not in sync');
  expect(text).toContain('dns: no resolver answers');
});

test('the monitor has gauges and the processes', () => {
  const lines = shownAt(USUAL, { tab: 'monitor' });
  expect(lines[2]).toMatch(/^cpu +█{15}░{45} +25\.0%/);
  expect(lines.join('\n')).toMatch(/1 {4}S {2}0\.0% {2}48 MiB|1 +S +0\.0% +47\.7 MiB/);
});

test('text of a node cannot move the cursor', () => {
  expect(span('a\x1b[2Jb\u009bc').text).toBe('a?[2Jb?c');
});
