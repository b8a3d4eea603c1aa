import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { withPage } from '../harness/browser.ts';
import { poll } from '../harness/http.ts';
import { scenario } from '../harness/scenario.ts';
import { newMarker } from '../harness/tasks-app.ts';

scenario(
  'a task survives its pod',
  async ({ kubectl, ports, up }) => {
    const loop = up();
    await loop.ready();
    const url = `http://localhost:${ports.frontend}`;
    const title = `Buy ${newMarker()}`;

    await withPage(url, async (page) => {
      await page.getByLabel('New task').fill(title);
      await page.getByRole('button', { name: 'Add' }).click();
      await taskOf(page, title).waitFor();
    });

    const [old] = await kubectl.pods('backend');
    assert.ok(old, 'a backend pod');
    await kubectl.run('delete', 'pod', old.metadata.name, '--wait=false');
    const replacement = await poll('the new pod', async () => {
      const [pod] = await kubectl.pods('backend');
      return pod && pod.metadata.uid !== old.metadata.uid ? pod : undefined;
    });
    await kubectl.run('wait', '--for=condition=Ready', `pod/${replacement.metadata.name}`, '--timeout=60s');

    await withPage(url, async (page) => {
      await taskOf(page, title).waitFor();
      await page.getByRole('button', { name: `Delete: ${title}` }).click();
      await taskOf(page, title).waitFor({ state: 'detached' });
    });
  },
  { needs: 'Chromium' },
);

const taskOf = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title });
