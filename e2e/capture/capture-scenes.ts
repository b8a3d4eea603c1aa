// npm run capture:scenes: draws the dashboard in each scene of devloop/test/support/scenes.ts at each of its sizes, into
// e2e/artifacts/screens: each as SVG, a photo of each scene, and index.html with all of them for somebody to look at. Those for the docs are kept
// in docs/images/screens.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withPage } from '../harness/browser.ts';
import { artifacts, root } from '../harness/paths.ts';
import { loadTsx } from './load-tsx.ts';
import { terminalToSvg } from './svg.ts';

const folder = path.join(artifacts, 'screens');
const docs = path.join(root, 'docs/images/screens');
/** For the docs: of 120 columns, and of each size for the one that has most to show. */
const isKept = (scene: string, columns: number): boolean => columns === 120 || scene === 'a failing build';

interface Picture {
  readonly scene: string;
  readonly columns: number;
  readonly name: string;
  readonly svg: string;
}

async function draw(): Promise<Picture[]> {
  loadTsx();
  const { sceneSizes, scenes } = await import('../../devloop/test/support/scenes.ts');
  const { showScene } = await import('../../devloop/test/support/show-scene.ts');
  const pictures: Picture[] = [];
  for (const [name, scene] of Object.entries(scenes)) {
    for (const [columns, rows] of sceneSizes) {
      const screen = await showScene(scene, columns, rows);
      const svg = await terminalToSvg(screen.written(), columns, rows);
      await screen.close();
      pictures.push({ scene: name, columns, name: `${fileName(name)}-${columns}`, svg });
    }
  }
  return pictures;
}

const contactSheet = (pictures: readonly Picture[]): string => {
  const figures = pictures.map(
    ({ scene, columns, name }) =>
      `<figure><figcaption>${scene}, ${columns} columns</figcaption><img src="${name}.svg"></figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>The dashboard's screens</title>\n${figures.join('\n')}\n`;
};

/** One photo a scene, with all its sizes. */
async function photograph(pictures: readonly Picture[]): Promise<void> {
  await withPage('about:blank', async (page) => {
    for (const [scene, sizes] of Map.groupBy(pictures, ({ scene }) => scene)) {
      const drawn = sizes.map(({ svg }) => svg).join(' ');
      await page.setContent(`<body style="margin:0;background:gray"><div style="width:1720px">${drawn}</div></body>`);
      await page.locator('div').screenshot({ path: path.join(folder, `${fileName(scene)}.png`) });
    }
  });
}

const fileName = (scene: string): string => scene.replaceAll(/[^a-z0-9]+/g, '-');

for (const made of [folder, docs]) {
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
}
const pictures = await draw();
for (const { scene, columns, name, svg } of pictures) {
  await writeFile(path.join(folder, `${name}.svg`), svg);
  if (isKept(scene, columns)) await writeFile(path.join(docs, `${name}.svg`), svg);
}
await writeFile(path.join(folder, 'index.html'), contactSheet(pictures));
await photograph(pictures);
process.stdout.write(`${pictures.length} pictures: ${path.relative(root, folder)}/index.html\n`);
