import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { nearest } from '../lib/nearest.ts';
import { remember } from '../lib/remember.ts';
import { messageOf, usageFault } from '../model/errors.ts';
import type { ReleaseSpec } from '../model/project.ts';

/** `map`: repository and tag are set below the path; `string`: the path itself takes the whole reference. */
export type ImageValueShape = 'map' | 'string';

/**
 * Does the chart have the value that a service's image goes to? Helm would take an unknown one without a word and
 * install the chart's default image.
 * @throws Fault (usage) when it has not, or when a values file is not YAML
 */
export function checkValuePath(
  root: string,
  service: string,
  valuePath: string,
  release: ReleaseSpec,
): ImageValueShape {
  const files = [path.join(release.chart, 'values.yaml'), ...release.values];
  const known = new Set<string>();
  for (const file of [...files, ...subchartFiles(release, valuePath)]) {
    const { value, prefix } = valuesIn(root, file, release);
    const shape = valuePath.startsWith(prefix) && shapeAt(value, valuePath.slice(prefix.length).split('.'));
    if (shape) return shape;
    collectImagePaths(value, prefix, known);
  }
  const meant = nearest(valuePath, [...known]);
  throw usageFault({
    title: `The chart has no value ${valuePath}`,
    why: `services.${service}.values.image names it, but ${files.map((file) => path.relative(root, file)).join(' and ')} do not have it`,
    fix: meant
      ? `Did you mean ${meant}?`
      : known.size
        ? `The chart has ${[...known].join(', ')}.`
        : 'Add it to the chart as a map with repository and tag, and use it in the template.',
  });
}

/** `sub.image` may be the default of an unpacked subchart. */
function subchartFiles(release: ReleaseSpec, valuePath: string): string[] {
  const [first] = valuePath.split('.');
  return [path.join(release.chart, 'charts', first ?? '', 'values.yaml')];
}

interface Values {
  readonly value: unknown;
  /** The dotted path at which the chart takes them. */
  readonly prefix: string;
}

/** Of a release's files, each read once: all services ask. */
const valuesOf = remember((_release: ReleaseSpec) => new Map<string, Values>());

function valuesIn(root: string, file: string, release: ReleaseSpec): Values {
  const known = valuesOf(release);
  const values = known.get(file) ?? readValues(root, file, release);
  known.set(file, values);
  return values;
}

function readValues(root: string, file: string, release: ReleaseSpec): Values {
  const inSubchart = path.relative(path.join(release.chart, 'charts'), file);
  const prefix = inSubchart.startsWith('..') ? '' : `${inSubchart.split(path.sep)[0]}.`;
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    return { value: parse(text) ?? {}, prefix };
  } catch (error) {
    throw usageFault({
      title: 'A values file is not YAML',
      why: `${path.relative(root, file)}: ${messageOf(error)}`,
      fix: 'Correct the file.',
    });
  }
}

function shapeAt(value: unknown, keys: readonly string[]): ImageValueShape | undefined {
  let node = value;
  for (const key of keys) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  if (typeof node === 'string') return 'string';
  return isImageMap(node) ? 'map' : undefined;
}

const isImageMap = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && 'repository' in node && 'tag' in node;

function collectImagePaths(node: unknown, prefix: string, into: Set<string>): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  for (const [key, child] of Object.entries(node)) {
    if (isImageMap(child)) into.add(`${prefix}${key}`);
    else collectImagePaths(child, `${prefix}${key}.`, into);
  }
}
