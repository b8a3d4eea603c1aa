import { type Browser, chromium, type Page } from 'playwright-core';
import { browserPath } from './tools.ts';

// Without a sandbox as root has none; the rest keeps the browser from the network and the GPU.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a page in a headless browser for as long as the work takes. */
export async function withPage<Value>(url: string, work: (page: Page) => Promise<Value>): Promise<Value> {
  const browser: Browser = await chromium.launch({ executablePath: await browserPath(), args });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    return await work(page).catch(async (error: Error) => {
      throw new Error(`${error.message}\n--- page ---\n${await page.locator('body').innerText()}`);
    });
  } finally {
    await browser.close();
  }
}
