import { describe, expect, test } from '@jest/globals';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { patchObject } from '../../../src/sandbox/store/patch/patch-object.ts';
import { errorOf, frozen } from './objects.ts';
import { recordedPatches, withDiff } from './recorded.ts';

const before = frozen(recordedPatches.before as unknown as KubeObject);
const kind = kindOf('Deployment');

describe('patches do what the API server of Kubernetes 1.20 did with them', () => {
  test.each(recordedPatches.cases.filter(({ diff }) => diff !== undefined))('$type: $name', ({ type, patch, diff }) => {
    expect(patchObject(kind, before, type, frozen(structuredClone(patch)))).toEqual(withDiff(before, diff));
  });

  test.each(recordedPatches.cases.filter(({ error }) => error))('$type fails: $name', ({ type, patch, error }) => {
    const { code, message, reason, details } = errorOf(() => patchObject(kind, before, type, patch));
    expect({ code, message, reason, details }).toEqual({ reason: '', ...error });
  });
});
