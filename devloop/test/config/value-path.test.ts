import { afterEach, describe, expect, it } from '@jest/globals';
import { checkValuePath } from '../../src/config/value-path.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

function check(valuePath: string, files: Readonly<Record<string, string>>, values: readonly string[] = []) {
  folder = createTempFolder(files);
  const { root, path: at } = folder;
  return checkValuePath(root, 'web', valuePath, { name: 'app', chart: at('helm'), values: values.map(at), set: {} });
}
const problemOf = async (...args: Parameters<typeof check>) => (await faultOf(() => check(...args))).problem;

const image = 'image: { repository: a, tag: b }';

describe('the value that takes an image', () => {
  it('is a map of the chart', () => {
    expect(check('web.image', { 'helm/values.yaml': `web:\n  ${image}` })).toBe('map');
  });

  it('is at the top of the chart', () => {
    expect(check('image', { 'helm/values.yaml': image })).toBe('map');
  });

  it('is a string of the chart', () => {
    expect(check('web.image', { 'helm/values.yaml': 'web:\n  image: "a:b"' })).toBe('string');
  });

  it('is in a values file only', () => {
    expect(check('web.image', { 'helm/values.yaml': '', 'dev.yaml': `web:\n  ${image}` }, ['dev.yaml'])).toBe('map');
  });

  it('is in a chart that has no values of its own', () => {
    expect(check('web.image', { 'dev.yaml': `web:\n  ${image}` }, ['dev.yaml'])).toBe('map');
  });

  it('is the default of a subchart', () => {
    expect(check('db.image', { 'helm/values.yaml': 'a: 1', 'helm/charts/db/values.yaml': image })).toBe('map');
  });

  it('is a default deeper in a subchart', () => {
    expect(
      check('db.server.image', { 'helm/values.yaml': '', 'helm/charts/db/values.yaml': `server:\n  ${image}` }),
    ).toBe('map');
  });
});

describe('a value that the chart has not', () => {
  it('is nearly one that it has', async () => {
    const problem = await problemOf('wbe.image', { 'helm/values.yaml': `web:\n  ${image}` });
    expect(problem).toEqual({
      title: 'The chart has no value wbe.image',
      why: 'services.web.values.image names it, but helm/values.yaml do not have it',
      fix: 'Did you mean web.image?',
    });
  });

  it('is like none: those that it has are listed', async () => {
    const files = { 'helm/values.yaml': `web:\n  ${image}\nworkers:\n  mail:\n    ${image}\n  list: [1]` };
    expect((await problemOf('nothing.like.it', files)).fix).toBe('The chart has web.image, workers.mail.image.');
  });

  it('is in none of several files', async () => {
    const files = { 'helm/values.yaml': 'a: 1', 'dev.yaml': 'b: 1' };
    const problem = await problemOf('web.image', files, ['dev.yaml']);
    expect(problem.why).toBe('services.web.values.image names it, but helm/values.yaml and dev.yaml do not have it');
    expect(problem.fix).toBe('Add it to the chart as a map with repository and tag, and use it in the template.');
  });

  it.each([
    ['a number', 'web:\n  image: 4'],
    ['a map without a tag', 'web:\n  image: { repository: a }'],
    ['empty', 'web:\n  image:'],
    ['below a string', 'web: text'],
  ])('is %s', async (_, text) => {
    expect((await problemOf('web.image', { 'helm/values.yaml': text })).title).toBe('The chart has no value web.image');
  });

  it('is one that every object has', async () => {
    const problem = await problemOf('constructor.name', { 'helm/values.yaml': 'a: 1' });
    expect(problem.title).toBe('The chart has no value constructor.name');
  });

  it('does not take a subchart of another name for its own', async () => {
    const files = { 'helm/values.yaml': '', 'helm/charts/db/values.yaml': image };
    expect((await problemOf('image', files)).title).toBe('The chart has no value image');
  });
});

it('says which values file is not YAML', async () => {
  const problem = await problemOf('web.image', { 'helm/values.yaml': 'a: 1', 'dev.yaml': 'a: [1' }, ['dev.yaml']);
  expect(problem.title).toBe('A values file is not YAML');
  expect(problem.why).toMatch(/^dev\.yaml: .*at line 1/s);
});
