import { ResourceDefinitionSpec, StateDefinition } from '@minos/api/cosi';
import { messageOf } from '@minos/base';
import { client } from '@minos/rpc';
import { heading, type Line, type Size, span, tableLines } from './line.ts';
import { listSpecs, type NodeSource } from './node-source.ts';

/** A kind of resource that can be opened. */
interface Kind {
  readonly type: string;
  readonly namespace: string;
  readonly aliases: string;
}

interface Item {
  readonly id: string;
  readonly version: string;
  readonly phase: string;
  readonly owner: string;
  readonly text: string;
}

/** The ways to move in the browser. */
export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'open' | 'back';

const STEP: Readonly<Record<'up' | 'down' | 'page-up' | 'page-down', number>> = {
  up: -1,
  down: 1,
  'page-up': -10,
  'page-down': 10,
};

/** The third screen: the types of a node, the resources of one, and the text of one of them. Read again at every refresh. */
export class ResourceBrowser {
  #kinds: readonly Kind[] = [];
  #items: readonly Item[] = [];
  #kind: Kind | undefined;
  #item: string | undefined;
  #cursor = 0;
  /** Where the cursor stood on the levels above. */
  #above: number[] = [];
  #trouble = '';

  /** Reads the level that is shown; a failure is shown, not thrown. */
  async refresh(source: NodeSource): Promise<void> {
    try {
      const kind = this.#kind;
      if (kind === undefined) this.#kinds = await readKinds(source);
      else {
        const items = await readItems(source, kind);
        if (this.#kind === kind) this.#items = items;
      }
      this.#trouble = '';
    } catch (e) {
      this.#trouble = messageOf(e);
    }
  }

  /** Moves; true when another level is shown and must be read. */
  move(move: Move): boolean {
    if (move === 'open') return this.#open();
    if (move === 'back') return this.#back();
    this.#cursor = Math.max(0, this.#cursor + STEP[move]);
    if (this.#item === undefined) this.#cursor = Math.min(this.#cursor, Math.max(0, this.#count() - 1));
    return false;
  }

  /** What is shown, at most as many lines as there are rows. */
  lines({ columns, rows }: Size): readonly Line[] {
    const title = [this.#kind?.type ?? 'resources', this.#item].filter((part) => part !== undefined).join(' / ');
    const body = this.#body(Math.max(1, rows - 2));
    const trouble: readonly Line[] = this.#trouble === '' ? [] : [[span(this.#trouble, 'bad')]];
    return [heading(title, columns), ...trouble, ...body].slice(0, Math.max(0, rows));
  }

  #count(): number {
    return this.#kind === undefined ? this.#kinds.length : this.#items.length;
  }

  #open(): boolean {
    if (this.#item !== undefined || this.#count() === 0) return false;
    if (this.#kind === undefined) {
      this.#kind = this.#kinds[this.#cursor];
      this.#items = [];
    } else this.#item = this.#items[this.#cursor]?.id;
    this.#above.push(this.#cursor);
    this.#cursor = 0;
    return true;
  }

  #back(): boolean {
    if (this.#kind === undefined) return false;
    if (this.#item === undefined) this.#kind = undefined;
    else this.#item = undefined;
    this.#cursor = this.#above.pop() ?? 0;
    return true;
  }

  #body(room: number): readonly Line[] {
    if (this.#item !== undefined) {
      const item = this.#items.find(({ id }) => id === this.#item);
      const lines = item === undefined ? ['it is not there any more'] : item.text.trimEnd().split('\n');
      this.#cursor = Math.min(this.#cursor, Math.max(0, lines.length - room));
      return lines.slice(this.#cursor, this.#cursor + room).map((line) => [span(line)]);
    }
    const [titles, rows] =
      this.#kind === undefined
        ? [['TYPE', 'NAMESPACE', 'ALIASES'], this.#kinds.map((kind) => [kind.type, kind.namespace, kind.aliases])]
        : [['ID', 'VERSION', 'PHASE', 'OWNER'], this.#items.map((item) => [item.id, item.version, item.phase, item.owner])];
    this.#cursor = Math.min(this.#cursor, Math.max(0, rows.length - 1));
    const from = Math.max(0, Math.min(this.#cursor - Math.floor(room / 2), rows.length - room));
    const [first = [], ...others] = tableLines(titles, rows);
    const shown = others.slice(from, from + room).map((line, i): Line => {
      return from + i === this.#cursor ? line.map(({ text }) => span(text, 'selected')) : line;
    });
    return [first, ...shown];
  }
}

async function readKinds(source: NodeSource): Promise<readonly Kind[]> {
  const of = { namespace: 'meta', type: 'ResourceDefinitions.meta.cosi.dev', codec: ResourceDefinitionSpec };
  const definitions = (await listSpecs(source, of)) ?? [];
  return definitions
    .map(({ spec }) => ({ type: spec.resourceType, namespace: spec.defaultNamespace, aliases: spec.aliases.join(' ') }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

async function readItems({ channel, options }: NodeSource, { namespace, type }: Kind): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const { resource } of client(channel, StateDefinition).List({ namespace, type, options: undefined }, options)) {
    if (resource?.metadata === undefined) continue;
    const { id, version, phase, owner } = resource.metadata;
    items.push({ id, version, phase, owner, text: resource.spec?.yamlSpec ?? '' });
  }
  return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}
