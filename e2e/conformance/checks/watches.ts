import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import type { Watch } from '../client/watch.ts';
import { configMap, onePod } from '../objects.ts';
import { at, pick, versionOf } from '../values/at.ts';

/** Watches ConfigMaps with a label while something is done, up to the one named `end`. */
async function seen(
  c: Client,
  query: string,
  act: () => Promise<unknown>,
  take = (watch: Watch): unknown => watch.seen(),
) {
  const version = versionOf(await c.list('configmaps'));
  const watch = await c.watch('configmaps', `resourceVersion=${version}&${query}`);
  try {
    await act();
    await c.create('configmaps', configMap('end', {}, { labels: { mine: 'yes', tier: 'a' } }));
    await watch.until(({ object }) => at(object, 'metadata.name') === 'end');
    return take(watch);
  } finally {
    watch.close();
  }
}

const labelled = (name: string, tier: string) => configMap(name, { key: name }, { labels: { mine: 'yes', tier } });

/** Watches: what they tell, in which order. */
export const watches = group('watches', {
  'the life of an object': (c) =>
    seen(
      c,
      'labelSelector=mine',
      async () => {
        await c.create('configmaps', labelled('one', 'a'));
        await c.patch('merge', 'configmaps', 'one', { data: { key: 'other' } });
        await c.patch('merge', 'configmaps', 'one', { data: { key: 'other' } });
        await c.create('configmaps', labelled('two', 'a'));
        await c.remove('configmaps', 'one');
        await c.remove('configmaps', 'two');
      },
      (watch) =>
        watch.events.map(({ type, object }) => [type, pick(object, 'kind', 'apiVersion', 'metadata.name', 'data')]),
    ),

  'versions grow': (c) =>
    seen(
      c,
      'labelSelector=mine',
      async () => {
        for (const name of ['one', 'two', 'three']) await c.create('configmaps', labelled(name, 'a'));
        await c.remove('configmaps', 'two');
      },
      (watch) => {
        const versions = watch.events.map(({ object }) => Number(versionOf(object)));
        return [watch.seen(), versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0))];
      },
    ),

  'an object comes into the selection and leaves it': (c) =>
    seen(
      c,
      'labelSelector=tier%3Da',
      async () => {
        await c.create('configmaps', labelled('one', 'b'));
        await c.patch('merge', 'configmaps', 'one', { metadata: { labels: { tier: 'a' } } });
        await c.patch('merge', 'configmaps', 'one', { data: { key: 'x' } });
        await c.patch('merge', 'configmaps', 'one', { metadata: { labels: { tier: 'b' } } });
        await c.remove('configmaps', 'one');
      },
      (watch) =>
        watch.events.map(({ type, object }) => [type, pick(object, 'metadata.name', 'metadata.labels.tier', 'data')]),
    ),

  'one name': async (c) => {
    const version = versionOf(await c.list('configmaps'));
    const watch = await c.watch('configmaps', `resourceVersion=${version}&fieldSelector=metadata.name%3Dtwo`);
    try {
      for (const name of ['one', 'two', 'three']) await c.create('configmaps', labelled(name, 'a'));
      for (const name of ['one', 'three', 'two']) await c.remove('configmaps', name);
      await watch.until(({ type }) => type === 'DELETED');
      return watch.seen();
    } finally {
      watch.close();
    }
  },

  'from the middle': async (c) => {
    await c.create('configmaps', labelled('one', 'a'));
    const two = await c.create('configmaps', labelled('two', 'a'));
    await c.create('configmaps', labelled('three', 'a'));
    await c.remove('configmaps', 'one');
    const watch = await c.watch('configmaps', `labelSelector=mine&resourceVersion=${versionOf(two)}`);
    await watch.until(({ type }) => type === 'DELETED');
    watch.close();
    return watch.seen();
  },

  'without a version: what is there comes first': async (c) => {
    for (const name of ['b', 'a']) await c.create('configmaps', labelled(name, 'a'));
    const watch = await c.watch('configmaps', 'labelSelector=mine');
    await watch.next();
    await watch.next();
    await c.remove('configmaps', 'a');
    await watch.until(({ type }) => type === 'DELETED');
    watch.close();
    return [...watch.seen().slice(0, 2).sort(), ...watch.seen().slice(2)];
  },

  'version 0': async (c) => {
    await c.create('configmaps', labelled('one', 'a'));
    const watch = await c.watch('configmaps', 'labelSelector=mine&resourceVersion=0');
    await watch.until(({ type }) => type === 'ADDED');
    watch.close();
    return watch.seen();
  },

  'an old version': async (c) => {
    const watch = await c.watch('configmaps', 'resourceVersion=1');
    const event = await watch.next();
    watch.close();
    const text = String(at(event, 'object.message')).replace(/\d+/g, 'N');
    return [event?.type, pick(event?.object, 'kind', 'apiVersion', 'status', 'reason', 'code'), text];
  },

  'a version that is none': async (c) => {
    const watch = await c.watch('configmaps', 'resourceVersion=nonsense');
    return pick(await watch.refusal(), 'status', 'body.reason');
  },

  'a time limit ends it': async (c) => {
    const watch = await c.watch('configmaps', 'timeoutSeconds=1&labelSelector=mine');
    await watch.toEnd();
    return watch.seen();
  },

  bookmarks: async (c) => {
    const version = versionOf(await c.create('configmaps', labelled('one', 'a')));
    const query = `allowWatchBookmarks=true&timeoutSeconds=4&labelSelector=mine&resourceVersion=${version}`;
    const watch = await c.watch('configmaps', query);
    await c.create('configmaps', labelled('two', 'a'));
    await watch.toEnd();
    const bookmark = watch.events.findLast(({ type }) => type === 'BOOKMARK');
    return [
      watch.events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]),
      bookmark?.object,
    ];
  },

  'deleting a collection': (c) =>
    seen(
      c,
      'labelSelector=mine',
      async () => {
        for (const name of ['a', 'b', 'c']) await c.create('configmaps', labelled(name, 'a'));
        await c.ask('DELETE', `${c.path('configmaps')}?labelSelector=mine`);
      },
      (watch) => [...watch.seen()].sort(),
    ),

  'a finalizer': (c) =>
    seen(
      c,
      'labelSelector=mine',
      async () => {
        await c.create('configmaps', configMap('one', {}, { labels: { mine: 'yes' }, finalizers: ['example.com/x'] }));
        await c.remove('configmaps', 'one');
        await c.patch('merge', 'configmaps', 'one', { metadata: { finalizers: null } });
      },
      (watch) =>
        watch.events.map(({ type, object }) => [
          type,
          at(object, 'metadata.name'),
          at(object, 'metadata.finalizers'),
          at(object, 'metadata.deletionTimestamp'),
        ]),
    ),

  'the life of a pod': async (c) => {
    const version = versionOf(await c.list('pods'));
    const watch = await c.watch('pods', `resourceVersion=${version}`);
    await c.create('pods', onePod('one', 'exit 0'));
    await watch.until(({ object }) => at(object, 'status.phase') === 'Succeeded');
    await c.remove('pods', 'one');
    await watch.until(({ type }) => type === 'DELETED');
    watch.close();
    const said = watch.events.map(({ type, object }) => `${type} ${at(object, 'status.phase')}`);
    return said.filter((text, index) => text !== said[index - 1] && !text.includes('Running'));
  },
});
