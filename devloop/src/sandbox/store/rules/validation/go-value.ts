/** A value that is already in Go's notation. */
export class GoText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const strings = (value: object): boolean => Object.values(value).every((one) => typeof one === 'string');

/**
 * A value as Go's `%#v` prints it inside an error: texts in quotes, maps and lists of texts with their types. Other
 * structures have no Go type here and come out as JSON.
 */
export function inspectGo(value: unknown): string {
  if (value instanceof GoText) return value.text;
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value) && strings(value)) return `[]string{${value.map((one) => JSON.stringify(one)).join(', ')}}`;
  if (typeof value === 'object' && strings(value)) return goMap(value as Record<string, string>);
  return JSON.stringify(value);
}

/** `map[string]string{"a":"b"}`, sorted by key as Go prints maps. */
export function goMap(map: Readonly<Record<string, string>> | undefined): string {
  if (!map) return 'map[string]string(nil)';
  const entries = Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[string]string{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(', ')}}`;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A LabelSelector as `%#v` prints it. */
export function goSelector({ matchLabels, matchExpressions }: LabelSelector): GoText {
  const expressions = matchExpressions?.map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, ` +
      `Values:${values ? inspectGo(values) : '[]string(nil)'}}`,
  );
  const list = expressions
    ? `[]v1.LabelSelectorRequirement{${expressions.join(', ')}}`
    : '[]v1.LabelSelectorRequirement(nil)';
  return new GoText(`v1.LabelSelector{MatchLabels:${goMap(matchLabels)}, MatchExpressions:${list}}`);
}
