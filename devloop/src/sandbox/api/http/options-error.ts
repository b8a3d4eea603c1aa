import { type ApiError, type Cause, invalid } from '../../store/api-error.ts';
import type { Kind } from '../../store/kinds.ts';

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions';

/** Options of a request that are wrong: `PatchOptions.meta.k8s.io "" is invalid: …`. */
export const invalidOptions = (kind: OptionsKind, causes: readonly Cause[]): ApiError =>
  invalid(optionsKind(kind), '', causes);

export const forbiddenField = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** @param supported as the message shows them, quoted */
export const unsupportedField = (field: string, value: string, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${value}: supported values: ${supported.map((one) => `"${one}"`).join(', ')}`,
  field,
});

/** Whether a write is only to be tried. @throws ApiError 422 for anything but `All` */
export function isDryRun(values: readonly string[], kind: OptionsKind): boolean {
  if (values.some((value) => value !== 'All')) {
    const shown = `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
    throw invalidOptions(kind, [unsupportedField('dryRun', shown, ['All'])]);
  }
  return values.length > 0;
}

const optionsKind = (kind: OptionsKind): Kind => ({
  kind,
  group: 'meta.k8s.io',
  version: 'v1',
  plural: '',
  singular: '',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  counted: false,
});
