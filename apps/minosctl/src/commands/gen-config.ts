import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault, formatProblems, hasCode, messageOf } from '@minos/base';
import { generateConfigs, generateSecrets, parseSecretsBundle, patchConfig, type SecretsBundle } from '@minos/config';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { writeNewFile } from '../output/write-new-file.ts';

interface Options {
  readonly output: string;
  readonly 'with-secrets': string | undefined;
  readonly 'additional-sans': readonly string[];
  readonly patch: readonly string[];
  readonly 'config-patch': readonly string[];
  readonly 'config-patch-control-plane': readonly string[];
  readonly 'config-patch-worker': readonly string[];
  readonly force: boolean;
}

type Call = CommandCall<Options>;

/** Makes controlplane.yaml, worker.yaml and talosconfig of a cluster. */
export const genConfig: RunCommand<Options> = async (call) => {
  const { options, terminal, words } = call;
  const [name = '', endpoint = ''] = words;
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== 'https:') {
    throw new Fault('invalid', `the endpoint is the URL of the Kubernetes API, such as https://10.5.0.2:6443, not "${endpoint}"`);
  }
  const secrets = await secretsOf(call);
  const texts = generateConfigs({
    clusterName: name,
    endpoint,
    secrets,
    additionalSans: options['additional-sans'],
    nowMs: terminal.clock.now(),
  });
  const files = {
    'controlplane.yaml': await patched(call, texts.controlplane, options['config-patch-control-plane']),
    'worker.yaml': await patched(call, texts.worker, options['config-patch-worker']),
    talosconfig: texts.talosconfig,
  };
  const paths = Object.keys(files).map((file) => join(options.output, file));
  if (!options.force) await refuseExisting(paths.map((path) => resolve(terminal.cwd, path)));
  for (const [file, text] of Object.entries(files)) {
    const path = join(options.output, file);
    await writeNewFile(resolve(terminal.cwd, path), text, { isReplaced: options.force });
    await terminal.out(`Created ${path}\n`);
  }
  return 0;
};

async function secretsOf({ options, terminal }: Call): Promise<SecretsBundle> {
  const file = options['with-secrets'];
  if (file === undefined) return generateSecrets(terminal.clock.now());
  const bundle = parseSecretsBundle(await readText(resolve(terminal.cwd, file)));
  if (bundle.ok) return bundle.value;
  throw new Fault('invalid', `${file} holds no secrets of a cluster:\n${formatProblems(bundle.problems)}`);
}

async function patched({ options, terminal }: Call, text: string, own: readonly string[]): Promise<string> {
  const wanted = [...options.patch, ...options['config-patch'], ...own];
  if (wanted.length === 0) return text;
  const patches = await Promise.all(wanted.map((patch) => readPatch(patch, terminal.cwd)));
  const result = patchConfig(text, patches);
  if (result.ok) return result.value;
  throw new Fault('invalid', `the patch does not fit:\n${formatProblems(result.problems)}`);
}

/** All three or none: a name that is taken is found before anything is written. */
async function refuseExisting(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await access(path);
    } catch (e) {
      if (hasCode(e, 'ENOENT')) continue;
      throw e;
    }
    throw new Fault('exists', `${path} is there already; --force replaces it`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (e) {
    throw new Fault('missing', `cannot read ${path}: ${messageOf(e)}`, {}, { cause: e });
  }
}
