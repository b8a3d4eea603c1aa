import { expect, it } from '@jest/globals';
import { readMark, writeMark } from '../../../src/engine/update/mark.ts';
import { Overlay } from '../../../src/engine/update/overlay.ts';

it.each([true, false])('a mark is read as it was written (bundled: %s)', (isBundled) => {
  const mark = { session: 'one', edit: 12, isBundled };
  expect(readMark(writeMark(mark))).toEqual(mark);
});

it('a container is bundled from the first bundle to the next image', () => {
  const overlay = new Overlay('backend:one', 0);
  overlay.add(1, [{ target: 'a', source: { file: '/project/a', from: '/project' } }], []);
  expect(overlay.isBundled).toBe(false);
  overlay.add(2, [{ target: 'server.js', source: { content: Buffer.from('program'), mode: 0o644 } }], []);
  overlay.add(3, [{ target: 'b', source: 'deleted' }], []);
  expect(overlay.isBundled).toBe(true);
  overlay.rebase('backend:two', 3);
  expect(overlay.isBundled).toBe(false);
});
