import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const module = path.resolve(import.meta.dirname, '../../src/cli/limit-new-space.ts');
/** Bytes that it lets V8's space for new objects have. */
const limit = 16 * 1024 * 1024;

/** Makes objects as frames do, of which each tenth part lives on for a while; prints the most that the space had. */
const churn = `
  import v8 from 'node:v8';
  let most = 0;
  const living = [];
  for (let turn = 0; turn < 150; turn += 1) {
    for (let made = 0; made < 20_000; made += 1) {
      const one = { made, text: [turn, made] };
      if (made % 10 === 0) living[(turn % 40) * 2000 + made / 10] = one;
    }
    await new Promise((resolve) => setImmediate(resolve));
    const space = v8.getHeapSpaceStatistics().find((known) => known.space_name === 'new_space');
    most = Math.max(most, space.space_size);
  }
  console.log(most);
`;

async function mostAfter(first: string): Promise<number> {
  const args = ['--input-type=module', '--eval', `${first}\n${churn}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
  return Number(stdout);
}

it('V8’s space for new objects grows to the limit and no further, which it does by itself', async () => {
  const [limited, free] = await Promise.all([
    mostAfter(`import { limitNewSpace } from ${JSON.stringify(module)}; limitNewSpace();`),
    mostAfter(''),
  ]);
  expect(free).toBeGreaterThan(limit);
  expect(limited).toBe(limit);
});
