import { parse } from '@swc/core';

/** One import or re-export of a source file. */
export interface Import {
  readonly specifier: string;
  /** Erased before the program runs. */
  readonly isTypeOnly: boolean;
  /** `import './x.ts'`: nothing is taken from it. */
  readonly isForEffect: boolean;
  readonly line: number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Every `import('literal')` below a node. */
function dynamicImports(node: unknown, found: string[]): void {
  if (Array.isArray(node)) {
    for (const item of node) dynamicImports(item, found);
  } else if (isRecord(node)) {
    if (node['type'] === 'CallExpression' && isRecord(node['callee']) && node['callee']['type'] === 'Import') {
      const first: unknown = Array.isArray(node['arguments']) ? node['arguments'][0] : undefined;
      const expression = isRecord(first) ? first['expression'] : undefined;
      if (isRecord(expression) && typeof expression['value'] === 'string') found.push(expression['value']);
    }
    for (const key of Object.keys(node)) if (key !== 'span') dynamicImports(node[key], found);
  }
}

function lineOf(source: string, specifier: string): number {
  const lines = source.split('\n');
  return (
    1 +
    Math.max(
      0,
      lines.findIndex((l) => /\b(from|import)\b/.test(l) && (l.includes(`'${specifier}'`) || l.includes(`"${specifier}"`))),
    )
  );
}

/** All imports and re-exports of a TypeScript source, static and dynamic, in order. */
export async function readImports(source: string): Promise<readonly Import[]> {
  const module = await parse(source, { syntax: 'typescript', target: 'es2024' });
  const found: Import[] = [];
  for (const item of module.body) {
    const node: unknown = item;
    if (!isRecord(node) || !isRecord(node['source']) || typeof node['source']['value'] !== 'string') continue;
    const specifier = node['source']['value'];
    const names = Array.isArray(node['specifiers']) ? node['specifiers'].length : 1;
    found.push({
      specifier,
      isTypeOnly: node['typeOnly'] === true,
      isForEffect: node['type'] === 'ImportDeclaration' && names === 0,
      line: lineOf(source, specifier),
    });
  }
  const dynamic: string[] = [];
  dynamicImports(module.body, dynamic);
  for (const specifier of dynamic) {
    found.push({ specifier, isTypeOnly: false, isForEffect: false, line: lineOf(source, specifier) });
  }
  return found;
}

/** The names of module-level variables that can be assigned again. */
export async function readModuleVariables(source: string): Promise<readonly string[]> {
  const module = await parse(source, { syntax: 'typescript', target: 'es2024' });
  return module.body.flatMap((item) => {
    const node = item.type === 'ExportDeclaration' ? item.declaration : item;
    if (node.type !== 'VariableDeclaration' || node.kind === 'const') return [];
    return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.value] : ['a pattern']));
  });
}
