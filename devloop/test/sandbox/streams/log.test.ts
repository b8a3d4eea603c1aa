import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../fakes/ticks.ts';
import { createPod, type StreamsApi, startStreamsApi, startTime } from './support/api.ts';

let api: StreamsApi;
beforeEach(async () => {
  api = await startStreamsApi();
});
afterEach(() => api.close());

async function open(query = '', pod = 'web-1'): Promise<IncomingMessage> {
  const request = get(`${api.url}/api/v1/namespaces/dev/pods/${pod}/log${query}`);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function ask(query = '', pod = 'web-1'): Promise<{ status: number | undefined; body: string }> {
  const response = await open(query, pod);
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body };
}

const messageOf = async (query: string, pod?: string) => {
  const { status, body } = await ask(query, pod);
  return `${status} ${(JSON.parse(body) as { message: string }).message}`;
};

describe('a log', () => {
  test('is plain text in chunks', async () => {
    api.node.log = () => Readable.from([Buffer.from('one\n'), Buffer.from('two\n')]);
    const response = await open();
    expect(response.headers).toMatchObject({ 'content-type': 'text/plain', 'transfer-encoding': 'chunked' });
    expect(Buffer.concat(await response.toArray()).toString()).toBe('one\ntwo\n');
    await until('the stream is over', () => api.open() === 0);
  });

  test('asks the node for the only container, and for nothing else', async () => {
    api.node.log = () => Readable.from([]);
    expect(await ask()).toEqual({ status: 200, body: '' });
    expect(api.node.logQueries).toEqual([{ container: 'web', follow: false, previous: false, timestamps: false }]);
  });

  test('passes all that is asked for on to the node', async () => {
    api.node.log = () => Readable.from([]);
    await ask('?container=web&follow=true&previous=1&timestamps=true&tailLines=0&limitBytes=10&sinceSeconds=5');
    const since = startTime - 5000;
    const query = { container: 'web', follow: true, previous: true, timestamps: true, tailLines: 0, limitBytes: 10 };
    expect(api.node.logQueries).toEqual([{ ...query, since }]);
  });

  test.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.999%2B01:00', '2026-01-02T02:04:05Z'],
  ])('since %s begins with that second', async (sinceTime, expected) => {
    api.node.log = () => Readable.from([]);
    await ask(`?sinceTime=${sinceTime}`);
    expect(api.node.logQueries[0]?.since).toBe(Date.parse(expected));
  });

  test.each([
    ['?tailLines=-1', 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['?limitBytes=0', 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['?sinceSeconds=0', 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    [
      '?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z',
      '[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    [
      '?tailLines=-2&limitBytes=-3',
      '[tailLines: Invalid value: -2: must be greater than or equal to 0, limitBytes: Invalid value: -3: must be greater than 0]',
    ],
  ])('%s makes no sense', async (query, why) => {
    expect(await messageOf(query)).toBe(`422 PodLogOptions "web-1" is invalid: ${why}`);
  });

  test.each([
    ['?tailLines=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['?sinceTime=zz', 'parsing time "zz" as "2006-01-02T15:04:05Z07:00": cannot parse "zz" as "2006"'],
    ['?container=db', 'container db is not valid for pod web-1'],
  ])('%s is refused', async (query, why) => {
    expect(await messageOf(query)).toBe(`400 ${why}`);
  });

  test('of several containers needs a name, whatever the default of kubectl is', async () => {
    const pod = createPod('two', ['a', 'b'], ['setup']);
    pod.metadata.annotations = { 'kubectl.kubernetes.io/default-container': 'b' };
    api.pods.set('two', pod);
    api.node.log = () => Readable.from([]);
    expect(await messageOf('', 'two')).toBe(
      '400 a container name must be specified for pod two, choose one of: [setup a b]',
    );
    await ask('?container=setup', 'two');
    expect(api.node.logQueries.map(({ container }) => container)).toEqual(['setup']);
  });

  test('that the node does not have is answered in its words', async () => {
    expect(await messageOf('')).toBe('400 container "web" in pod "web-1" is waiting to start: ContainerCreating');
  });

  test('of a pod without a node is empty', async () => {
    const pod = createPod('pending');
    delete pod.spec.nodeName;
    api.pods.set('pending', pod);
    expect(await ask('', 'pending')).toEqual({ status: 204, body: '' });
  });
});

describe('a log that is followed', () => {
  let log: PassThrough;
  beforeEach(() => {
    log = new PassThrough();
    api.node.log = () => log;
  });

  test('answers before its first line', async () => {
    expect((await open('?follow=true')).statusCode).toBe(200);
  });

  test('comes line by line', async () => {
    const response = await open('?follow=true');
    for (const line of ['one\n', 'two\n', 'three\n']) {
      log.write(line);
      expect(String((await once(response, 'data'))[0])).toBe(line);
    }
  });

  test('ends in the node when the client goes', async () => {
    const response = await open('?follow=true');
    response.destroy();
    await until('the log is closed', () => log.destroyed);
    await until('the stream is over', () => api.open() === 0);
    expect(api.faults.cutLogs()).toBe(0);
  });

  test('breaks the connection when the node loses it', async () => {
    const response = await open('?follow=true');
    const failed = once(response, 'error');
    response.resume();
    log.destroy(new Error('the container is gone'));
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  test('waits for a client that does not read', async () => {
    const response = await open('?follow=true');
    response.pause();
    const line = `${'x'.repeat(1023)}\n`;
    let written = 0;
    while (written < 64 * 1024 && log.write(line)) written += 1;
    await until('the log is held up', () => {
      while (log.writableLength === 0 && written < 64 * 1024 && log.write(line)) written += 1;
      return log.writableLength > 0;
    });
    expect(written).toBeLessThan(64 * 1024);
  });

  test('is cut in the middle of the line that it is in', async () => {
    const response = await open('?follow=true');
    log.write('half a li');
    await once(response, 'data');
    const failed = once(response, 'error');
    response.resume();
    expect(api.faults.cutLogs()).toBe(1);
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    await until('the log is closed', () => log.destroyed);
  });

  test('is cut in the middle of the next line when it is at the end of one', async () => {
    const response = await open('?follow=true');
    log.write('whole\n');
    await once(response, 'data');
    expect(api.faults.cutLogs()).toBe(1);
    let text = '';
    response.on('data', (chunk) => {
      text += String(chunk);
    });
    const failed = once(response, 'error');
    log.write('12345678\nnever\n');
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(text).toBe('1234');
    await until('the log is closed', () => log.destroyed);
    expect(api.faults.cutLogs()).toBe(0);
  });
});
