import { beforeAll, describe, expect, test } from '@jest/globals';
import { answerOf, comparable, creations, differences, rulesLikeTheCluster, updates } from './recorded.ts';

let cluster: Awaited<ReturnType<typeof rulesLikeTheCluster>>;

beforeAll(async () => {
  cluster = await rulesLikeTheCluster();
});

describe('creates as the recorded cluster did', () => {
  test.each(creations().filter(({ name }) => !differences.has(name)))('$name', ({ name, object, answer }) => {
    const ours = answerOf(() => cluster.prepare(object));
    expect(comparable(name, ours, object)).toEqual(comparable(name, answer, object));
  });
});

describe('updates as the recorded cluster did', () => {
  test.each(updates().filter(({ name }) => !differences.has(name)))('$name', ({ name, before, after, answer }) => {
    const made = cluster.create(before);
    const ours = answerOf(() => cluster.update(made, after));
    cluster.store.remove(made.kind as string, made.metadata.namespace ?? '', made.metadata.name);
    expect(comparable(name, ours, before)).toEqual(comparable(name, answer, before));
  });
});
