import { access } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { nearest } from '../lib/nearest.ts';
import { messageOf, usageFault } from '../model/errors.ts';
import { type CompiledConfig, compileConfig } from './compile.ts';
import type { Config } from './define.ts';
import { locateField, type Place, sourcePlace } from './locate-field.ts';
import { configSchema, knownKeys } from './schema.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** The absolute path of the configuration. */
  readonly file: string;
  /** It and the files that it imports. */
  readonly inputs: readonly string[];
}

const fileNames = ['devloop.config.ts', 'devloop.config.mts', 'devloop.config.js', 'devloop.config.mjs'];

/**
 * Finds, compiles, runs and checks the configuration.
 * @param cwd where the search begins; it goes up to the root of the file system
 * @param given the file that `--config` names; no search then
 * @throws Fault (usage) with file, line and field
 */
export async function loadConfig(cwd: string, given?: string): Promise<LoadedConfig> {
  const file = given ? path.resolve(cwd, given) : await findConfig(cwd);
  if (!(await exists(file))) {
    throw usageFault({
      title: 'The configuration was not found',
      why: `${file} does not exist`,
      fix: 'Name an existing file with --config.',
    });
  }
  const compiled = await compileConfig(file);
  const value = await evaluate(file, compiled);
  const checked = check(file, compiled, value);
  if (!checked.success) throw invalid(file, compiled, checked.error.issues);
  return { config: checked.data, file, inputs: compiled.inputs };
}

async function findConfig(cwd: string): Promise<string> {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    for (const name of fileNames) {
      if (await exists(path.join(folder, name))) return path.join(folder, name);
    }
    if (folder === path.dirname(folder)) break;
  }
  throw usageFault({
    title: 'No configuration',
    why: `there is no devloop.config.ts in ${cwd} or a folder above it`,
    fix: 'Go to the project, or name the file with --config FILE.',
  });
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

// From memory: nothing is written beside the user's files, and a reload is never served from Node's module cache.
let generation = 0;
async function evaluate(file: string, { code, map }: CompiledConfig): Promise<unknown> {
  generation += 1;
  const url = `data:text/javascript;base64,${Buffer.from(`${code}\n// ${generation}`).toString('base64')}`;
  try {
    const module: { default?: unknown } = await import(url);
    return module.default;
  } catch (error) {
    throw failed(file, map, error);
  }
}

/** A getter of the configuration's is run here. */
function check(file: string, { map }: CompiledConfig, value: unknown) {
  try {
    return configSchema.safeParse(value);
  } catch (error) {
    throw failed(file, map, error);
  }
}

function failed(file: string, map: string, error: unknown): Error {
  const stack = error instanceof Error ? String(error.stack) : '';
  const found = /data:text\/javascript[^\s)]*?:(\d+):(\d+)/.exec(stack);
  const place = found && sourcePlace(map, { line: Number(found[1]), column: Number(found[2]) - 1 });
  return usageFault({
    title: 'The configuration failed while it ran',
    why: `${whereOf(file, place ?? undefined)}: ${messageOf(error) || 'it threw an error that says nothing'}`,
    fix: `Correct ${path.basename(file)}; devloop changed nothing.`,
  });
}

const whereOf = (file: string, place?: Place): string =>
  place ? `${place.file}:${place.line}:${place.column}` : path.basename(file);

function invalid(file: string, compiled: CompiledConfig, issues: readonly z.core.$ZodIssue[]): Error {
  const lines = issues.flatMap((issue) => describeIssue(file, compiled, issue));
  return usageFault({
    title: 'The configuration is not valid',
    why: lines[0] ?? 'unknown',
    fix: `Correct ${path.basename(file)}; devloop changed nothing.`,
    ...(lines.length > 1 && { evidence: lines }),
  });
}

function describeIssue(file: string, { code, map }: CompiledConfig, issue: z.core.$ZodIssue): string[] {
  const say = (field: readonly PropertyKey[], text: string) =>
    `${whereOf(file, locateField(code, map, field))}: ${field.length ? `${fieldName(field)}: ` : ''}${text}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, knownKeys);
      return say([...issue.path, key], `unknown key${meant ? `; did you mean ${meant}?` : ''}`);
    });
  }
  return [say(issue.path, issue.message)];
}

const fieldName = (field: readonly PropertyKey[]): string =>
  field.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${String(part)}`)).join('');
