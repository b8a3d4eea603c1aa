import type { Container } from '../../objects.ts';
import { compareQuantities } from '../../quantity.ts';
import type { FieldErrors } from './field-errors.ts';
import { qualifiedName } from './names.ts';

const own = ['cpu', 'ephemeral-storage', 'memory'];
const isOwn = (name: string): boolean => own.includes(name) || name.startsWith('hugepages-') || name.includes('/');

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/validation/validation.go */
export function validateResources(
  { limits, requests }: NonNullable<Container['resources']> = {},
  at: string,
  errors: FieldErrors,
): void {
  validateAmounts(limits, `${at}.limits`, errors);
  for (const [name, amount] of Object.entries(requests ?? {})) {
    validateAmounts({ [name]: amount }, `${at}.requests`, errors);
    const limit = limits?.[name];
    if (limit !== undefined && compareQuantities(amount, limit) > 0)
      errors.invalid(`${at}.requests`, amount, `must be less than or equal to ${name} limit`);
  }
}

function validateAmounts(amounts: Record<string, string> | undefined, field: string, errors: FieldErrors): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const at = `${field}[${name}]`;
    errors.invalidFor(at, name, qualifiedName(name));
    if (!isOwn(name)) {
      errors.invalid(at, name, 'must be a standard resource type or fully qualified');
      errors.invalid(at, name, 'must be a standard resource for containers');
    }
    if (compareQuantities(amount, '0') < 0) errors.invalid(at, amount, 'must be greater than or equal to 0');
  }
}
