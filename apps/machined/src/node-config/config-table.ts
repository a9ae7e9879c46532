/** How a node stands with its configurations; it follows from what is on STATE alone. */
export type ConfigPhase =
  /** There is no configuration. */
  | 'empty'
  /** One is kept and in force. */
  | 'settled'
  /** Another waits for the next boot, to be kept. */
  | 'staged'
  /** Another waits for the next boot, to be on trial. */
  | 'staged-trial'
  /** Another is in force until it is confirmed, or the node goes back. */
  | 'trial';

/** What happens to configurations. `restart` is a start of machined in the same boot, `boot` the first one in another. */
export type ConfigEvent = 'keep' | 'try' | 'stage' | 'stage-trial' | 'confirm' | 'revert' | 'restart' | 'boot';

/**
 * One step. Those that touch STATE change one file, whole or not at all; `keep` and `promote` are the moment of the decision:
 * what was recorded for another kept configuration means nothing any more.
 */
export type ConfigStep =
  /** The new configuration becomes the kept one. */
  | 'keep'
  /** The recorded configuration becomes the kept one. */
  | 'promote'
  /** The new configuration is recorded, as staged or on trial. */
  | 'record'
  /** The recorded trial begins in this boot. */
  | 'begin'
  /** One more start of machined during the trial. */
  | 'count'
  /** What is recorded is forgotten. */
  | 'drop'
  /** The kept configuration is in force. */
  | 'use-kept'
  /** The recorded configuration is in force. */
  | 'use-recorded';

/** What an event does in a phase, in this order; null: it is refused. */
export const CONFIG_STEPS: Readonly<Record<ConfigPhase, Readonly<Record<ConfigEvent, readonly ConfigStep[] | null>>>> = {
  empty: {
    keep: ['keep', 'use-kept'],
    try: null,
    stage: ['record'],
    'stage-trial': null,
    confirm: null,
    revert: null,
    restart: [],
    boot: [],
  },
  settled: {
    keep: ['keep', 'use-kept'],
    try: ['record', 'use-recorded'],
    stage: ['record'],
    'stage-trial': ['record'],
    confirm: null,
    revert: null,
    restart: ['use-kept'],
    boot: ['use-kept'],
  },
  staged: {
    keep: ['keep', 'drop', 'use-kept'],
    try: ['record', 'use-recorded'],
    stage: ['record'],
    'stage-trial': ['record'],
    confirm: null,
    revert: ['drop'],
    restart: ['use-kept'],
    boot: ['promote', 'drop', 'use-kept'],
  },
  'staged-trial': {
    keep: ['keep', 'drop', 'use-kept'],
    try: ['record', 'use-recorded'],
    stage: ['record'],
    'stage-trial': ['record'],
    confirm: null,
    revert: ['drop'],
    restart: ['use-kept'],
    boot: ['begin', 'use-recorded'],
  },
  trial: {
    keep: ['keep', 'drop', 'use-kept'],
    try: ['record', 'use-recorded'],
    // It would end the trial without a word.
    stage: null,
    'stage-trial': null,
    confirm: ['promote', 'drop', 'use-kept'],
    revert: ['drop', 'use-kept'],
    restart: ['count', 'use-recorded'],
    boot: ['drop', 'use-kept'],
  },
};
