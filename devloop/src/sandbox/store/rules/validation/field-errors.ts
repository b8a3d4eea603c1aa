import type { Cause } from '../../api-error.ts';
import { inspectGo } from './go-value.ts';

/**
 * Collects what is wrong with an object, in the words of
 * https://github.com/kubernetes/apimachinery/blob/v0.20.2/pkg/util/validation/field/errors.go
 * Paths are as the API server writes them: `spec.containers[0].name`, `metadata.labels[app]`.
 */
export class FieldErrors {
  readonly causes: Cause[] = [];

  required(field: string, detail = ''): void {
    this.#add('FieldValueRequired', field, detail ? `Required value: ${detail}` : 'Required value');
  }

  /** @param value printed as Go prints it; a `GoText` is printed as it is */
  invalid(field: string, value: unknown, detail: string): void {
    this.#add('FieldValueInvalid', field, `Invalid value: ${inspectGo(value)}: ${detail}`);
  }

  /** One error for each detail. */
  invalidFor(field: string, value: unknown, details: readonly string[]): void {
    for (const detail of details) this.invalid(field, value, detail);
  }

  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const list = supported.map((one) => JSON.stringify(one)).join(', ');
    this.#add('FieldValueNotSupported', field, `Unsupported value: ${inspectGo(value)}: supported values: ${list}`);
  }

  duplicate(field: string, value: unknown): void {
    this.#add('FieldValueDuplicate', field, `Duplicate value: ${inspectGo(value)}`);
  }

  forbidden(field: string, detail: string): void {
    this.#add('FieldValueForbidden', field, `Forbidden: ${detail}`);
  }

  notFound(field: string, value: unknown): void {
    this.#add('FieldValueNotFound', field, `Not found: ${inspectGo(value)}`);
  }

  /** @param most bytes */
  tooLong(field: string, most: number): void {
    this.#add('FieldValueTooLong', field, `Too long: must have at most ${most} bytes`);
  }

  #add(reason: string, field: string, message: string): void {
    this.causes.push({ reason, message, field });
  }
}
