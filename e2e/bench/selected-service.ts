/** The name of the service that the dashboard has selected. */
export function selectedService(rows: readonly string[]): string | undefined {
  // the row with the pointer: a glyph for the phase, then the name
  const row = rows.find((text) => /^\s*›/.test(text));
  return row && /›\s+(?:\S\s+)?(\S+)/.exec(row)?.[1];
}
