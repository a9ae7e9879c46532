/** One way to have a Node run a script that leaves a mark. */
export interface Attack {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What a plain Node is started with, so that it falls for it. */
  readonly plain: readonly string[];
  /** What a program of ours is started with; it must come to an end by itself. */
  readonly ours: readonly string[];
}

/** Where the script, the library and a project with dependencies are planted: the part of a node from which programs may be run. */
export const PLANTED = '/var/planted';
const SCRIPT = `${PLANTED}/evil.cjs`;
const CODE = `require(${JSON.stringify(SCRIPT)})`;

/** Attempts by arguments and environment. */
export const ATTACKS: readonly Attack[] = [
  { name: 'a script', plain: [SCRIPT], ours: [SCRIPT] },
  { name: 'a folder with a package.json', plain: [PLANTED], ours: [PLANTED] },
  { name: 'code', plain: ['--eval', CODE], ours: ['--eval', CODE] },
  { name: 'code to print', plain: ['--print', CODE], ours: ['--print', CODE] },
  { name: 'a module before', plain: ['--require', SCRIPT, '--eval', '0'], ours: ['--require', SCRIPT, '--help'] },
  { name: 'an import before', plain: ['--import', SCRIPT, '--eval', '0'], ours: [`--import=${SCRIPT}`] },
  { name: 'a test', plain: ['--test', SCRIPT], ours: ['--test', SCRIPT] },
  { name: 'NODE_OPTIONS', env: { NODE_OPTIONS: `--require=${SCRIPT}` }, plain: ['--eval', '0'], ours: ['--help'] },
  { name: 'NODE_OPTIONS with an import', env: { NODE_OPTIONS: `--import=${SCRIPT}` }, plain: ['--eval', '0'], ours: ['--help'] },
  { name: 'a module for the prompt', env: { NODE_REPL_EXTERNAL_MODULE: SCRIPT }, plain: ['-i'], ours: ['-i'] },
  {
    name: 'a module path',
    env: { NODE_PATH: `${PLANTED}/node_modules` },
    plain: ['--eval', 'require("koffi")'],
    ours: ['--help'],
  },
  { name: 'a dependency in the folder where it is started', plain: ['--eval', 'require("koffi")'], ours: ['--help'] },
  {
    name: 'a configuration of OpenSSL',
    env: { OPENSSL_CONF: `${PLANTED}/openssl.cnf` },
    plain: ['--eval', '0'],
    ours: ['--help'],
  },
];

/** What is planted, below PLANTED: path → text. */
export const FILES: Readonly<Record<string, string>> = {
  'evil.cjs': `require('node:fs').writeFileSync('/var/marks/script', '');\n`,
  'package.json': '{ "main": "./evil.cjs" }\n',
  'node_modules/koffi/package.json': '{ "main": "../../evil.cjs" }\n',
  'node_modules/netlink/package.json': '{ "main": "../../evil.cjs" }\n',
  'openssl.cnf': [
    'nodejs_conf = start',
    'openssl_conf = start',
    '[start]',
    'providers = all',
    '[all]',
    'default = ours',
    'planted = theirs',
    '[ours]',
    'activate = 1',
    '[theirs]',
    `module = ${PLANTED}/planted.node`,
    'activate = 1',
    '',
  ].join('\n'),
};
