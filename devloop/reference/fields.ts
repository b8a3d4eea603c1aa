import { z } from 'zod';

// Each field says what it means: the descriptions become the JSON schema's and those of docs/events.md.

export const text = (description: string) => z.string().describe(description);
export const flag = (description: string) => z.boolean().describe(description);
export const word = <const Words extends readonly string[]>(words: Words, description: string) =>
  z.enum(words).describe(description);
export const texts = (description: string) => z.array(z.string()).describe(description);
export const textsByName = (description: string) => z.record(z.string(), z.string()).describe(description);

/** A whole number, 0 or more unless another least is given. */
export const count = (description: string, least = 0) => z.int().min(least).describe(description);

/** Epoch milliseconds. */
export const time = (description: string) => z.number().describe(`${description}; epoch milliseconds`);

/** Milliseconds. */
export const duration = (description: string) => z.number().describe(`${description}; milliseconds`);

/** An object without other fields than these, which several events have: it is named in the JSON schema. */
export const shape = <Shape extends z.core.$ZodLooseShape>(id: string, description: string, fields: Shape) =>
  z.strictObject(fields).meta({ id, description });

/** `optional()` would also take `undefined`, which JSON has not. */
export const maybe = z.exactOptional;
