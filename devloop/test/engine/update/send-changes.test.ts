import { describe, expect, it } from '@jest/globals';
import type { OverlayChange } from '../../../src/engine/update/overlay.ts';
import { lackedBy } from '../../../src/engine/update/send-changes.ts';
import { createFakeContainer } from '../../fakes/live.ts';

const bundled = (target: string, text: string): OverlayChange => ({
  target,
  source: { content: Buffer.from(text), mode: 0o644 },
});

describe('the files of a bundle that a container lacks', () => {
  it('are those that it has not, or not as they are', async () => {
    const container = createFakeContainer('backend-1');
    container.files.set('/app/same.js', 'same').set('/app/old.js', 'old');
    const changes = [bundled('/app/same.js', 'same'), bundled('/app/old.js', 'new'), bundled('/app/none.js', 'none')];
    expect((await lackedBy(container, changes)).map(({ target }) => target)).toEqual(['/app/old.js', '/app/none.js']);
  });

  it('are all that does not come from a bundle', async () => {
    const container = createFakeContainer('backend-1');
    container.files.set('/app/a', '').set('/app/b', '');
    const changes: OverlayChange[] = [
      { target: '/app/a', source: 'deleted' },
      { target: '/app/b', source: { file: '/project/b', from: '/project' } },
    ];
    expect(await lackedBy(container, changes)).toEqual(changes);
  });
});
