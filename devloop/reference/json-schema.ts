import { z } from 'zod';
import { eventLine } from './events.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON schema of a line of `--ui json`. It allows fields that it does not know, unlike the schema that the tests
 * use: a reader's copy has to take the lines of a newer devloop.
 */
export function eventJsonSchema(): JsonSchema {
  const { $schema, oneOf, $defs } = z.toJSONSchema(eventLine, { override: ({ jsonSchema }) => loosen(jsonSchema) });
  return {
    $schema,
    title: 'A line of `devloop up --ui json`',
    description: 'Version 1; docs/events.md says more. A reader leaves out events and fields that it does not know.',
    oneOf,
    $defs,
  } as JsonSchema;
}

function loosen(schema: JsonSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  // JavaScript's own limits, and a calendar: noise to a reader.
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format === 'date-time') delete schema.pattern;
}
