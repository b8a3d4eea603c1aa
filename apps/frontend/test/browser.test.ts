import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildFrontend, freePort, startBackend, startFrontend, stop } from './processes.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('The browser test is skipped: no Chromium was found. Install it: apt-get install chromium');

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const apiKey = 'key-for-the-browser-test';

(executablePath ? describe : describe.skip)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
  const database = join(folder, 'tasks.db');
  let backendPort: number;
  let address: string;
  let backend: ChildProcess | undefined;
  let frontend: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;
  const faults: string[] = [];
  const received: Promise<string>[] = [];

  beforeAll(async () => {
    await buildFrontend();
    backendPort = await freePort();
    backend = await startBackend(backendPort, database, apiKey);
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    frontend = await startFrontend(port, `http://127.0.0.1:${backendPort}`, apiKey);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: flags });
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('response', (response) => received.push(response.text().catch(() => '')));
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([frontend, backend].map((child) => child && stop(child)));
    rmSync(folder, { recursive: true });
  });

  const titles = () => page.locator('.task .title').allTextContents();

  test('starts empty and shows the message of the settings', async () => {
    await page.goto(address);
    await page.getByText('Nothing to do yet').waitFor();
    await page.getByText('Hello from the ConfigMap').waitFor();
    expect(await titles()).toEqual([]);
  });

  test('adds tasks and empties the field', async () => {
    for (const title of ['Water the plants', 'Read a book']) {
      await page.getByLabel('New task').fill(title);
      await page.getByRole('button', { name: 'Add' }).click();
      await page.locator('.task', { hasText: title }).waitFor();
    }
    expect(await titles()).toEqual(['Water the plants', 'Read a book']);
    expect(await page.getByLabel('New task').inputValue()).toBe('');
    expect(await page.getByRole('status').textContent()).toBe('0 of 2 done');
  });

  test('completes a task, and it stays so', async () => {
    const check = page.getByRole('button', { name: 'Done: Water the plants' });
    await check.click();
    await page.getByText('1 of 2 done').waitFor();
    await page.reload();
    expect(await check.getAttribute('aria-pressed')).toBe('true');
  });

  test('deletes a task', async () => {
    await page.getByRole('button', { name: 'Delete: Read a book' }).click();
    await page.locator('.task', { hasText: 'Read a book' }).waitFor({ state: 'detached' });
    expect(await titles()).toEqual(['Water the plants']);
  });

  test('says what is wrong while the backend is down, and recovers', async () => {
    if (backend) await stop(backend);
    await page.getByRole('button', { name: 'Delete: Water the plants' }).click();
    await page.locator('.task .error', { hasText: 'does not answer' }).waitFor();
    const reloaded = await page.reload();
    expect(reloaded?.status()).toBe(200);
    expect(await page.locator('.problem').textContent()).toContain('The task service does not answer');
    expect((await fetch(`${address}/ready`)).status).toBe(503);

    backend = await startBackend(backendPort, database, apiKey);
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.locator('.task', { hasText: 'Water the plants' }).waitFor();
    expect((await fetch(`${address}/ready`)).status).toBe(200);
  });

  test('nothing broke in the browser, and the API key never reached it', async () => {
    const bodies = await Promise.all(received);
    expect(bodies.join('').length).toBeGreaterThan(10_000);
    expect(bodies.join('')).not.toContain(apiKey);
    expect(faults).toEqual([]);
  });
});
