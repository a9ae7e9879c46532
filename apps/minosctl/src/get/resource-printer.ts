import type { ResourceDefinitionSpec } from '@minos/api/cosi';
import type { CommandCall } from '../cli/command.ts';
import { DocumentWriter } from '../output/documents.ts';
import { alignRow, type Row, tableText } from '../output/table.ts';
import { columnText } from './json-path.ts';
import type { ResourceView } from './resource-view.ts';

/** What happened to a resource that is watched. */
export type Happening = 'created' | 'updated' | 'destroyed';

const MARK: Record<Happening, string> = { created: '+', updated: '', destroyed: '-' };

/** One resource to print. */
export interface Printed {
  readonly node: string;
  readonly view: ResourceView;
  /** Only when watching. */
  readonly happening?: Happening;
}

/** Prints resources in the form that was asked for; a table that is watched grows row by row under fixed columns. */
export class ResourcePrinter {
  readonly #call: CommandCall<unknown>;
  readonly #definition: ResourceDefinitionSpec;
  readonly #writer: DocumentWriter | undefined;
  #widths: number[] | undefined;

  constructor(call: CommandCall<unknown>, definition: ResourceDefinitionSpec) {
    this.#call = call;
    this.#definition = definition;
    this.#writer = call.globals.output === 'table' ? undefined : new DocumentWriter(call.terminal, call.globals.output);
  }

  /** Prints everything that there is, as one table; the heading also when there is nothing. */
  async printAll(items: readonly Printed[], mode: 'once' | 'watch'): Promise<void> {
    if (this.#writer !== undefined) {
      for (const item of items) await this.#writer.write(document(item));
      return;
    }
    const heading = this.#heading(mode);
    const rows = items.map((item) => this.#row(item, mode));
    this.#widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => (row[column] ?? '').length)));
    await this.#call.terminal.out(tableText(heading, rows));
  }

  /** Prints one more row. */
  async printOne(item: Printed, mode: 'once' | 'watch'): Promise<void> {
    if (this.#writer !== undefined) return this.#writer.write(document(item));
    await this.#call.terminal.out(`${alignRow(this.#row(item, mode), this.#widths ?? [])}\n`);
  }

  #heading(mode: 'once' | 'watch'): Row {
    const columns = this.#definition.printColumns.map(({ name }) => name.toUpperCase());
    return ['NODE', ...(mode === 'watch' ? ['*'] : []), 'NAMESPACE', 'TYPE', 'ID', 'VERSION', ...columns];
  }

  #row({ node, view, happening }: Printed, mode: 'once' | 'watch'): Row {
    const cells = this.#definition.printColumns.map(({ jsonPath }) => columnText(view.spec, jsonPath));
    const mark = mode === 'watch' ? [MARK[happening ?? 'updated']] : [];
    return [node, ...mark, view.namespace, this.#definition.displayType, view.id, view.version, ...cells];
  }
}

function document({ node, view, happening }: Printed) {
  return {
    node,
    ...(happening === undefined ? {} : { event: happening }),
    metadata: view.metadata,
    spec: view.spec,
  };
}
