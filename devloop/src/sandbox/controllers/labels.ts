import type { V1LabelSelector } from '@kubernetes/client-node';
import { byName } from '../../lib/by-name.ts';
import type { Json } from '../store/objects.ts';

export type LabelSelector = Json<V1LabelSelector>;
type Labels = { readonly [key: string]: string } | undefined;
type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/**
 * True when labels are what a selector asks for. An empty selector takes everything, none takes nothing.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  return (
    matchesLabels(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every((expression) => meets(expression, labels ?? {}))
  );
}

/** True when every one of the asked labels is there. */
export const matchesLabels = (asked: NonNullable<Labels>, labels: Labels): boolean =>
  Object.entries(asked).every(([key, value]) => labels?.[key] === value);

/** Also the operators that only node selectors have: `Gt` and `Lt`. */
export function meets({ key, operator, values = [] }: Requirement, labels: NonNullable<Labels>): boolean {
  const value = byName(labels)[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
