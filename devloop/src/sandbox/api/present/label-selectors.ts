import type { V1LabelSelector } from '@kubernetes/client-node';

/** `app=web,tier in (a,b)`, or `<none>`. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...equal, ...others].sort().join(',') || '<none>';
}

/** `a=b,c=d`, or `<none>`. */
export const labelText = (labels: Readonly<Record<string, string>> | undefined): string =>
  selectorText({ matchLabels: labels ?? {} });
