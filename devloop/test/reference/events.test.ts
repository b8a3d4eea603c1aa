import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventLine } from '../../reference/events.ts';
import { eventsPage, exampleLine } from '../../reference/events-page.ts';
import { examples } from '../../reference/examples.ts';
import { eventJsonSchema, type JsonSchema } from '../../reference/json-schema.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createJsonPrinter } from '../../src/plain/print-json.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  buildFailed,
  compilerProblem,
  crashLoopPod,
  edited,
  logged,
  missingSecretPod,
  podChanged,
  probed,
  samplePod,
  started,
  startTime,
} from '../support/sample.ts';

const inDocs = (name: string) => readFile(path.join(import.meta.dirname, '../../../docs', name), 'utf8');
const committed: JsonSchema = JSON.parse(await inDocs('events.schema.json'));
const fromFile = z.fromJSONSchema(committed);

const types = Object.keys(examples) as LoopEvent['type'][];
const lineOf = (type: string): Record<string, unknown> => JSON.parse(exampleLine(type));

/** The lines that these events are printed as. */
function printed(events: readonly LoopEvent[]): unknown[] {
  const lines: string[] = [];
  const store = createStore(() => startTime);
  store.subscribe(createJsonPrinter({ write: (line) => lines.push(line) }));
  for (const event of events) store.dispatch(event);
  return lines.map((line) => JSON.parse(line));
}

describe('the schema of the events', () => {
  it.each(types)('%s as it is printed fits the schema, and the one in docs/', (type) => {
    expect(eventLine.parse(lineOf(type))).toEqual(lineOf(type));
    expect(fromFile.parse(lineOf(type))).toEqual(lineOf(type));
  });

  it('has every event once', () => {
    expect(eventLine.options.map((option) => option.shape.type.value)).toEqual(types);
    expect(Object.keys(committed.$defs ?? {})).toEqual(expect.arrayContaining(types));
  });

  it.each([
    ['all healthy', allHealthy()],
    ['a failed build', [started(), ...buildFailed('backend', 1, compilerProblem)]],
    [
      'an edit and a log line',
      [started(), edited(1, ['backend'], ['src/a.ts'], startTime), logged('backend', '\x1b[1m')],
    ],
    ['a crash loop', [started(), podChanged(crashLoopPod('backend'))]],
    ['a missing Secret', [started(), podChanged(missingSecretPod('backend', 'db'))]],
    ['a failed probe', [probed(samplePod('backend'), { ok: false, code: 503, detail: 'no database' })]],
  ])('fits what is printed of %s', (_, events) => {
    for (const line of printed(events)) expect(eventLine.parse(line)).toEqual(line);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a field that is not described', { ...lineOf('edit'), more: 1 }],
    ['a field that lacks', { ...lineOf('edit'), files: undefined }],
    ['a field of another type', { ...lineOf('edit'), files: 'src/a.ts' }],
    ['an unknown event', { ...lineOf('edit'), type: 'edited' }],
    ['another version', { ...lineOf('edit'), v: 2 }],
    ['a time that is a number', { ...lineOf('edit'), at: startTime }],
    ['an unknown word', { ...lineOf('notice'), level: 'error' }],
  ])('does not fit %s', (_, line) => {
    expect(eventLine.safeParse(line).success).toBe(false);
  });

  it('lets a reader of docs/events.schema.json take fields of a newer devloop', () => {
    const line = { ...lineOf('edit'), more: 1 };
    expect(fromFile.parse(line)).toEqual(line);
    expect(fromFile.safeParse({ ...line, files: 'src/a.ts' }).success).toBe(false);
  });

  it('describes each event, object and field', () => {
    const undescribed = Object.entries(committed.$defs ?? {}).flatMap(([name, schema]) => missing(name, schema));
    expect(undescribed).toEqual([]);
  });

  // Stale? `npm run reference` writes both anew.
  it('is the one in docs/events.schema.json', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(eventJsonSchema())));
  });

  it('is the one that docs/events.md describes', async () => {
    expect(await inDocs('events.md')).toBe(eventsPage());
  });
});

/** Paths of what has no description, and does not refer to what has one. */
function missing(at: string, schema: JsonSchema): string[] {
  const own = schema.description || schema.$ref ? [] : [at];
  const inner = [schema, ...((schema.anyOf ?? []) as JsonSchema[])].flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, field]) => missing(`${at}.${name}`, field as JsonSchema)),
  );
  return [...own, ...inner];
}
