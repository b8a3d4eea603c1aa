import { describe, expect, it } from '@jest/globals';
import { maskError } from '../../src/cli/mask-error.ts';
import { Fault, outsideFault } from '../../src/model/errors.ts';
import { createStore } from '../../src/state/store.ts';

const store = createStore(() => 0);
store.hide('Secret db', ['hunter2-secret']);

describe('an error', () => {
  it('keeps its kind, and none of the values', () => {
    const problem = {
      title: 'helm hunter2-secret',
      why: 'bad hunter2-secret',
      fix: 'hunter2-secret',
      evidence: ['hunter2-secret'],
    };
    const masked = maskError(outsideFault(problem), store);
    expect(masked).toBeInstanceOf(Fault);
    expect((masked as Fault).kind).toBe('outside');
    expect(JSON.stringify((masked as Fault).problem)).not.toContain('hunter2');
  });

  it.each([new Error('with hunter2-secret'), 'with hunter2-secret'])('that is no Fault has none either', (error) => {
    const masked = maskError(error, store);
    expect(masked instanceof Error ? `${masked.message} ${masked.stack}` : masked).not.toContain('hunter2');
  });

  it('that is nothing known stays', () => {
    expect(maskError(undefined, store)).toBeUndefined();
  });
});
