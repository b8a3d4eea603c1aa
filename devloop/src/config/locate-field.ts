import { SourceMap } from 'node:module';
import { type Expression, type ObjectExpression, type Program, parse } from 'acorn';

/** Counted as acorn and source maps do: lines from 1, columns from 0. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Counted as editors do: both from 1. */
export interface Place extends Position {
  /** Relative to the configuration's folder. */
  readonly file: string;
}

/** A place of the compiled module in the source that the user wrote; undefined where the map has none. */
export function sourcePlace(map: string, place: Position): Place | undefined {
  const entry = new SourceMap(JSON.parse(map)).findEntry(place.line - 1, place.column);
  if (!('originalLine' in entry)) return undefined;
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/**
 * Where a field of the default-exported configuration stands in its source: the deepest part of the path that is
 * written out literally, so that a computed part leads to the place that computes it.
 * @param field such as `['services', 'backend', 'ports', 0, 'local']`
 */
export function locateField(code: string, map: string, field: readonly PropertyKey[]): Place | undefined {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  let node = defaultExport(program);
  let place = node?.loc?.start;
  for (const key of field) {
    const next = node && childOf(program, node, key);
    if (!next) break;
    place = next.place;
    node = next.value;
  }
  return place && sourcePlace(map, place);
}

function defaultExport(program: Program): Expression | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return unwrap(program, statement.declaration as Expression);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const named = statement.specifiers.find(
      (one) => one.exported.type === 'Identifier' && one.exported.name === 'default',
    );
    if (named?.local.type === 'Identifier') return unwrap(program, named.local);
  }
  return undefined;
}

/** Through `defineConfig(...)` and names of constants to the literal behind them. */
function unwrap(program: Program, node: Expression): Expression {
  if (node.type === 'CallExpression' && node.arguments[0] && node.arguments[0].type !== 'SpreadElement') {
    return unwrap(program, node.arguments[0]);
  }
  if (node.type !== 'Identifier') return node;
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    const found = statement.declarations.find((one) => one.id.type === 'Identifier' && one.id.name === node.name);
    if (found?.init) return unwrap(program, found.init);
  }
  return node;
}

function childOf(
  program: Program,
  node: Expression,
  key: PropertyKey,
): { place: Position; value: Expression } | undefined {
  if (node.type === 'ArrayExpression') {
    const element = node.elements[Number(key)];
    if (!element || element.type === 'SpreadElement' || !element.loc) return undefined;
    return { place: element.loc.start, value: unwrap(program, element) };
  }
  if (node.type !== 'ObjectExpression') return undefined;
  const property = propertyOf(node, String(key));
  if (!property?.loc) return undefined;
  return { place: property.loc.start, value: unwrap(program, property.value) };
}

function propertyOf(node: ObjectExpression, name: string) {
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key } = property;
    if ((key.type === 'Identifier' && key.name === name) || (key.type === 'Literal' && String(key.value) === name)) {
      return property;
    }
  }
  return undefined;
}
