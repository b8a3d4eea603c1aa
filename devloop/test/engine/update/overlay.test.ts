import { describe, expect, it } from '@jest/globals';
import { Overlay } from '../../../src/engine/update/overlay.ts';

const change = (target: string) => ({ target, source: { file: `/project/${target}`, from: '/project' } });
const targetsOf = (overlay: Overlay, edit: number) => overlay.since(edit).changes.map(({ target }) => target);

describe('what has been changed since an image', () => {
  it('is all of it for a container that has nothing', () => {
    const overlay = new Overlay('backend:one', 0);
    overlay.add(1, [change('a'), change('b')], ['/project/a', '/project/b']);
    overlay.add(2, [change('c')], ['/project/c']);
    expect(targetsOf(overlay, 0)).toEqual(['a', 'b', 'c']);
    expect(overlay.since(0).files).toEqual(['/project/a', '/project/b', '/project/c']);
    expect(overlay.edit).toBe(2);
  });

  it('is what it lacks for one that has some', () => {
    const overlay = new Overlay('backend:one', 0);
    overlay.add(1, [change('a'), change('b')], []);
    overlay.add(2, [change('a')], []);
    expect(targetsOf(overlay, 1)).toEqual(['a']);
    expect(targetsOf(overlay, 2)).toEqual([]);
  });

  it('is less after a new image, which has what came before it', () => {
    const overlay = new Overlay('backend:one', 0);
    overlay.add(1, [change('a')], ['/project/a']);
    overlay.add(2, [change('b')], ['/project/b']);
    overlay.rebase('backend:two', 1);
    expect(overlay.image).toBe('backend:two');
    expect(overlay.since(0)).toEqual({ changes: [change('b')], files: ['/project/b'] });
    overlay.rebase('backend:three', 5);
    expect(overlay.since(0)).toEqual({ changes: [], files: [] });
    expect(overlay.edit).toBe(5);
  });
});
