import { expect, test } from '@jest/globals';
import { dashboardTerminal } from './dashboard-console.ts';

const taken = (name: string) => ({ name, refused: undefined });

test('a machine with a screen has it on the second terminal, unless another is asked for', () => {
  expect(dashboardTerminal('console=ttyS0 console=tty0', 'tty0 ttyS0\n')).toEqual(taken('tty2'));
  expect(dashboardTerminal('talos.dashboard.console=tty3', 'tty0\n')).toEqual(taken('tty3'));
  expect(dashboardTerminal('minos.dashboard.console=/dev/tty4', 'tty0\n')).toEqual(taken('tty4'));
});

test('a machine with nothing but a serial line has none', () => {
  expect(dashboardTerminal('console=ttyS0', 'ttyS0\n')).toBeUndefined();
  expect(dashboardTerminal('', '')).toBeUndefined();
});

test('either name switches it off', () => {
  expect(dashboardTerminal('talos.dashboard.disabled=1', 'tty0\n')).toBeUndefined();
  expect(dashboardTerminal('minos.dashboard.disabled=1', 'tty0\n')).toBeUndefined();
  expect(dashboardTerminal('minos.dashboard.disabled=0', 'tty0\n')).toEqual(taken('tty2'));
});

test('what is no virtual terminal of its own is not taken, and told', () => {
  for (const name of ['ttyS0', 'tty0', '../sda', ''])
    expect(dashboardTerminal(`talos.dashboard.console=${name}`, 'tty0')).toEqual({ name: 'tty2', refused: name });
});
