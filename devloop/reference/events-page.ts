import type { LoopEvent, StampedEvent } from '../src/model/events.ts';
import { createJsonPrinter } from '../src/plain/print-json.ts';
import { examples, exampleTime } from './examples.ts';
import { eventJsonSchema, type JsonSchema } from './json-schema.ts';
import { table } from './table.ts';

const { $defs = {} } = eventJsonSchema();

/** docs/events.md: each event with its fields and an example, as the schema has them. */
export function eventsPage(): string {
  const shapes = Object.entries($defs).filter(([name]) => !isEvent(name));
  const events = Object.entries($defs).filter(([name]) => isEvent(name));
  return [
    intro,
    '## The events',
    table(
      ['Event', 'When'],
      events.map(([type, { description = '' }]) => [`[\`${type}\`](#${anchor(type)})`, description]),
    ),
    ...events.flatMap(([type, schema]) => [
      `### ${type}`,
      schema.description ?? '',
      ...fieldTable(schema, headFields),
      `\`\`\`json\n${exampleLine(type)}\`\`\``,
    ]),
    '## What several events have',
    ...shapes
      .sort(([a], [b]) => a.localeCompare(b))
      .flatMap(([name, schema]) => [`### ${objectHeading(name)}`, schema.description ?? '', ...fieldTable(schema)]),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const intro = `# The events of \`--ui json\`

<!-- Made by \`npm run reference\` from devloop/reference/: do not edit. -->

\`devloop up --ui json\` prints everything that happens as JSON, one event a line. The dashboard and the plain printer
show the same events. [events.schema.json](events.schema.json) is the JSON schema of a line.

Every line has these fields, and those of its event:

| Field | Type | Meaning |
| --- | --- | --- |
| \`v\` | \`1\` | The version of the form. It grows when a field goes or changes its meaning |
| \`seq\` | whole number | The number of the event, from 1 |
| \`at\` | text | When it happened, UTC: \`2026-01-31T14:03:22.120Z\` |
| \`type\` | text | Which event it is |

New events and new fields do not make a new version: leave out what you do not know. Times inside are epoch
milliseconds, durations milliseconds. A field whose name has a \`?\` here may be missing. Texts of programs, containers
and Kubernetes are as they were written, with their control characters.`;

const headFields = new Set(['v', 'seq', 'at', 'type']);

const isEvent = (name: string): name is LoopEvent['type'] => name in examples;

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll('.', '').replaceAll(' ', '-');

/** Some are called like an event. */
const objectHeading = (name: string): string => `${name} object`;

/** The line as `--ui json` prints it. */
export function exampleLine(type: string): string {
  if (!isEvent(type)) throw new Error(`There is no event ${type}`);
  let line = '';
  const print = createJsonPrinter({
    write: (text) => {
      line = text;
    },
  });
  print({ type, ...examples[type], seq: 41, at: exampleTime } as StampedEvent);
  return line;
}

function fieldTable(schema: JsonSchema, left: ReadonlySet<string> = new Set()): string[] {
  const rows = fieldRows(schema, '', left);
  return rows.length === 0 ? [] : [table(['Field', 'Type', 'Meaning'], rows)];
}

/** A row for each field; those of an object without a name of its own follow it, as `times.built`. */
function fieldRows(schema: JsonSchema, path: string, left: ReadonlySet<string>): string[][] {
  return (schema.anyOf ?? [schema]).flatMap((variant) =>
    Object.entries((variant as JsonSchema).properties ?? {})
      .filter(([name]) => !left.has(name))
      .flatMap(([name, field]) => {
        const known = field as JsonSchema;
        const isOptional = !(variant as JsonSchema).required?.includes(name);
        return [
          [`\`${path}${name}\`${isOptional ? '?' : ''}`, typeText(known), meaningOf(known)],
          ...fieldRows(known, `${path}${name}.`, new Set()),
        ];
      }),
  );
}

const nameOf = (ref: string): string => ref.replace('#/$defs/', '');

const meaningOf = ({ description, $ref }: JsonSchema): string =>
  description ?? ($ref && $defs[nameOf($ref)]?.description) ?? '';

function typeText(schema: JsonSchema): string {
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return `[${name}](#${anchor(objectHeading(name))})`;
  }
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${typeText(schema.items as JsonSchema)}`;
  if (typeof schema.additionalProperties === 'object') return `${typeText(schema.additionalProperties)} by name`;
  if (schema.anyOf) return 'object, one of these';
  return typeNames[String(schema.type)] ?? String(schema.type);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
};
