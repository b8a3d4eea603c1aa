import { expect, it } from '@jest/globals';
import { verifyLines } from '../../src/cli/verify-lines.ts';
import type { PodCheck } from '../../src/engine/update/verify-pods.ts';

const pod = 'tasks-backend-abc';

it.each<[string, PodCheck, string[]]>([
  ['all the same', { pod, compared: 14, differences: [] }, [`backend ${pod}: 14 files are as on this machine`]],
  ['one file', { pod, compared: 1, differences: [] }, [`backend ${pod}: 1 file is as on this machine`]],
  [
    'nothing',
    { pod, compared: 0, differences: [] },
    [`backend ${pod}: it runs its image, and nothing of it is synced`],
  ],
  [
    'differences',
    {
      pod,
      compared: 14,
      differences: [
        { path: '/app/a\u001b[2J.js', how: 'missing' },
        { path: '/app/b.js', how: 'other mode' },
      ],
    },
    [`backend ${pod}: 2 of 14 files are not as on this machine`, '  /app/a.js: missing', '  /app/b.js: other mode'],
  ],
  [
    'one difference',
    { pod, compared: 2, differences: [{ path: '/app/a.js', how: 'other content' }] },
    [`backend ${pod}: 1 of 2 files is not as on this machine`, '  /app/a.js: other content'],
  ],
  [
    'a failure',
    { pod, problem: { title: 'It cannot be verified', why: 'it does not compile', evidence: ['server.ts:1'] } },
    [`backend ${pod}: It cannot be verified: it does not compile`, '  server.ts:1'],
  ],
])('%s', (_, check, lines) => {
  expect(verifyLines('backend', check)).toEqual(lines);
});
