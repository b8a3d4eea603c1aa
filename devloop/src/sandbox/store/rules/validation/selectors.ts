import { byName } from '../../../../lib/by-name.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText, goMap, goSelector, type LabelSelector } from './go-value.ts';
import { validateLabels } from './metadata.ts';
import { labelValue, qualifiedName } from './names.ts';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

export const isEmptySelector = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0;

export function selectorMatches(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  const named = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    named &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = byName(labels)[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === 'In' ? among : !among;
    })
  );
}

export function validateSelector(selector: LabelSelector, field: string, errors: FieldErrors): void {
  validateLabels(selector.matchLabels, `${field}.matchLabels`, errors);
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) errors.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operators.includes(operator)) {
      if (values.length > 0)
        errors.forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else errors.invalid(`${at}.operator`, operator, 'not a valid selector operator');
    errors.invalidFor(`${at}.key`, key, qualifiedName(key));
    for (const [number, value] of values.entries())
      errors.invalidFor(`${at}.values[${number}]`, value, labelValue(value));
  }
}

/**
 * The selector of a workload, which must find the pods of its own template.
 * @param owner `deployment`, as the sentence about an empty selector names it
 */
export function validateOwnSelector(
  selector: LabelSelector | undefined,
  labels: Record<string, string> | undefined,
  owner: string,
  errors: FieldErrors,
): void {
  const field = 'spec.selector';
  const before = errors.causes.length;
  if (selector) validateSelector(selector, field, errors);
  else errors.required(field);
  if (selector && errors.causes.length > before) errors.invalid(field, goSelector(selector), 'invalid label selector');
  else if (selector && isEmptySelector(selector))
    errors.invalid(field, goSelector({}), `empty selector is invalid for ${owner}`);
  else if (!selector || !selectorMatches(selector, labels ?? {}))
    errors.invalid(
      'spec.template.metadata.labels',
      new GoText(goMap(labels)),
      '`selector` does not match template `labels`',
    );
}
