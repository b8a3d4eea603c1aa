import { ApiError, badRequest, generic } from '../api-error.ts';
import { decodedType, goText, goType } from './go-text.ts';
import type { JsonObject } from './json.ts';

// The words are those of
// https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/util/mergepatch/errors.go and .../strategicpatch/patch.go.
// The API server answers 500 to most of them, with no reason: it expects patches that kubectl has made.

export const patchFailed = (message: string): ApiError => new ApiError(500, '', message);

export const badRetainKeys = (): ApiError => badRequest('invalid patch format of retainKeys');

export const notAnObject = (patch: unknown): ApiError =>
  badRequest(`json: cannot unmarshal ${goType(patch)} into Go value of type map[string]interface {}`);

export const noMergeKey = (item: unknown, key: string): ApiError =>
  patchFailed(`map: ${goText(item)} does not contain declared merge key: ${key}`);

export const unknownDirective = (directive: unknown, item: JsonObject): ApiError =>
  patchFailed(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);

export const notAList = (value: unknown): ApiError =>
  patchFailed(`expected a []interface {}, but received a ${decodedType(value)}`);

export const mixedItems = (...lists: unknown[][]): ApiError =>
  patchFailed(`list element types are not identical: ${goText(lists)}`);

export const listOfLists = (): ApiError =>
  generic(422, 'Invalid', 'the server rejected our request due to an error in our request');

export const orderMismatch = (patch: unknown[], order: unknown[]): ApiError =>
  patchFailed(`The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
