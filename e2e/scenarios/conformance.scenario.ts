import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformance } from '../conformance/conformance.ts';

/** Milliseconds. */
const longest = 600_000;

test('the sandbox does as a cluster does', { timeout: longest }, async (context) => {
  const { report, failed } = await conformance(['real', 'sandbox'], undefined, () => {});
  context.diagnostic(report);
  assert.equal(failed, 0, report);
});
