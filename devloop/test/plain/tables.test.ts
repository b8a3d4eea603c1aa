import { describe, expect, it } from '@jest/globals';
import { textWidth } from '../../src/lib/text-width.ts';
import { formatProblem } from '../../src/plain/print-problem.ts';
import { formatStatus } from '../../src/plain/status-table.ts';
import { summarizeAll } from '../../src/state/service-summary.ts';
import { createStore } from '../../src/state/store.ts';
import { allHealthy, compilerProblem, crashLoopPod, podChanged, startTime } from '../support/sample.ts';

const summaries = () => {
  const store = createStore(() => startTime);
  for (const event of [...allHealthy(), podChanged(crashLoopPod('frontend'))]) store.dispatch(event);
  return summarizeAll(store.getState());
};

describe('formatProblem', () => {
  it('says what failed, why, shows the evidence, and the next step', () => {
    expect(`\n${formatProblem(compilerProblem, { color: false })}\n`).toMatchInlineSnapshot(`
"
✗ Build of backend failed
  src/server.ts:14:9: error TS2322: Type string is not assignable to type number
    │ #9 [build 4/5] RUN npm run build
    │ src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.
    │ npm error Lifecycle script \`build\` failed with error:
  → Correct the file: the next save builds again, and the last good pod goes on serving.
"
`);
  });

  it('leaves out what there is not', () => {
    expect(
      formatProblem({ title: 'No cluster answers', why: 'connect ECONNREFUSED\n127.0.0.1:8443' }, { color: false }),
    ).toBe('✗ No cluster answers\n  connect ECONNREFUSED\n  127.0.0.1:8443');
  });

  it('uses colours when asked to', () => {
    expect(formatProblem(compilerProblem, { color: true })).toContain('\x1b[1;31m✗ Build of backend failed\x1b[0m');
  });
});

describe('formatStatus', () => {
  it('is a table without columns that nothing fills', () => {
    const all = summaries();
    expect(`\n${formatStatus(all, { color: false, width: 120 })}\n`).toMatchInlineSnapshot(`
"
SERVICE   STATUS  PODS  RESTARTS  EDIT  URL                    REASON
backend   ready   1/1             0     http://localhost:4000  live
frontend  failed  0/1   3         0     http://localhost:4001  frontend exited with code 1: the app reported an error (…
"
`);
    expect(formatStatus(all.slice(0, 1), { color: false, width: 120 })).not.toContain('RESTARTS');
  });

  it('cuts its rows at the width', () => {
    const rows = formatStatus(summaries(), { color: false, width: 60 }).split('\n');
    expect(Math.max(...rows.map(textWidth))).toBe(60);
  });

  it('has all of a row where there is no terminal', () => {
    expect(formatStatus(summaries(), { color: false, width: Number.POSITIVE_INFINITY })).toContain(
      '(crash loop, 3 restarts)',
    );
  });

  it('says when there is none', () => {
    expect(formatStatus([], { color: true, width: 80 })).toBe('No services.');
  });
});
