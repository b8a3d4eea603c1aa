import { describe, expect, it } from '@jest/globals';
import { RawJsonReader } from '../../src/adapters/docker/rawjson.ts';
import type { BuildStep } from '../../src/model/operation.ts';

function read(lines: readonly string[]) {
  const steps: BuildStep[] = [];
  const output: string[] = [];
  const reader = new RawJsonReader({ step: (step) => steps.push(step), output: (line) => output.push(line) });
  for (const line of lines) reader.line(line);
  return { steps, output, ...reader.result() };
}

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const vertex = (fields: Readonly<Record<string, unknown>>) => JSON.stringify({ vertexes: [fields] });
const log = (data: string | Buffer, digest = 'sha256:run') =>
  JSON.stringify({ logs: [{ vertex: digest, stream: 1, data: base64(data), timestamp: '2026-01-31T14:03:20.5Z' }] });

// As `docker buildx build --progress rawjson` prints them, digests shortened.
const stream = [
  '{"vertexes":[{"digest":"sha256:int","name":"[internal] load build definition from Dockerfile","started":"2026-01-31T14:03:20.1Z"}]}',
  '{"vertexes":[{"digest":"sha256:int","name":"[internal] load build definition from Dockerfile","started":"2026-01-31T14:03:20.1Z","completed":"2026-01-31T14:03:20.2Z"}],"statuses":[{"id":"transferring dockerfile:","vertex":"sha256:int","name":"transferring","current":305,"timestamp":"2026-01-31T14:03:20.15Z"}]}',
  '{"vertexes":[{"digest":"sha256:from","name":"[1/4] FROM docker.io/library/node:24-alpine","started":"2026-01-31T14:03:20.2Z","completed":"2026-01-31T14:03:20.2Z","cached":true},{"digest":"sha256:copy","inputs":["sha256:from"],"name":"[2/4] COPY . ."},{"digest":"sha256:run","inputs":["sha256:copy"],"name":"[3/4] RUN npm run build"}]}',
  '{"vertexes":[{"digest":"sha256:copy","name":"[2/4] COPY . .","started":"2026-01-31T14:03:20.2Z","completed":"2026-01-31T14:03:20.24Z"}]}',
  '{"vertexes":[{"digest":"sha256:run","name":"[3/4] RUN npm run build","started":"2026-01-31T14:03:20.25Z"}]}',
];

describe('the steps of a build', () => {
  it('are told as they start and end, without the housekeeping', () => {
    expect(read(stream).steps).toEqual([
      { id: 'sha256:from', name: '[1/4] FROM docker.io/library/node:24-alpine', status: 'cached', ms: 0 },
      { id: 'sha256:copy', name: '[2/4] COPY . .', status: 'done', ms: 40 },
      { id: 'sha256:run', name: '[3/4] RUN npm run build', status: 'running' },
    ]);
  });

  it('keep their name when a later line leaves it out', () => {
    const end = vertex({
      digest: 'sha256:run',
      started: '2026-01-31T14:03:20.25Z',
      completed: '2026-01-31T14:03:21.25Z',
    });
    expect(read([...stream, end]).steps.at(-1)).toEqual({
      id: 'sha256:run',
      name: '[3/4] RUN npm run build',
      status: 'done',
      ms: 1000,
    });
  });

  it('are no failure when all went well', () => {
    const { failures, other } = read(stream);
    expect([failures, other]).toEqual([[], []]);
  });
});

describe('the output of a step', () => {
  it('is told line by line', () => {
    expect(read([log('one\ntwo\n\n'), log('three\r\n')]).output).toEqual(['one', 'two', 'three']);
  });

  it('is put together when it comes in pieces', () => {
    const bytes = Buffer.from('größer\nlast');
    const middle = bytes.indexOf('ö') + 1;
    const lines = [log(bytes.subarray(0, middle)), log(bytes.subarray(middle))];
    const end = vertex({
      digest: 'sha256:run',
      name: 'RUN',
      started: '2026-01-31T14:03:20Z',
      completed: '2026-01-31T14:03:21Z',
    });
    expect(read([...lines, end]).output).toEqual(['größer', 'last']);
  });

  it('of two steps at once is not mixed within a line', () => {
    expect(read([log('aa', 'a'), log('bb\n', 'b'), log('aa\n', 'a')]).output).toEqual(['bb', 'aaaa']);
  });
});

describe('a build that fails', () => {
  const failed = (digest: string, name: string, error: string) =>
    vertex({ digest, name, started: '2026-01-31T14:03:20.25Z', completed: '2026-01-31T14:03:22.25Z', error });
  const error = 'process "/bin/sh -c npm run build" did not complete successfully: exit code: 2';

  it('keeps the step, its error and what it printed', () => {
    const { steps, failures } = read([
      ...stream,
      log('\n> build\n> tsc -b\n'),
      log("src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.\n"),
      log('without a newline at the end'),
      failed('sha256:run', '[3/4] RUN npm run build', error),
    ]);
    expect(steps.at(-1)).toMatchObject({ status: 'failed', ms: 2000 });
    expect(failures).toEqual([
      {
        step: '[3/4] RUN npm run build',
        error,
        output: [
          '> build',
          '> tsc -b',
          "src/server.ts(14,9): error TS2322: Type 'string' is not assignable to type 'number'.",
          'without a newline at the end',
        ],
      },
    ]);
  });

  it('does not blame a step that was only cancelled with it', () => {
    const { failures } = read([
      failed(
        'sha256:other',
        '[stage-2 2/2] RUN sleep',
        'process "/bin/sh -c sleep 9" did not complete successfully: context canceled: context canceled',
      ),
      failed('sha256:run', '[3/4] RUN npm run build', error),
    ]);
    expect(failures.map(({ step }) => step)).toEqual(['[3/4] RUN npm run build']);
  });

  it('keeps the last 200 lines of a step', () => {
    const text = Array.from({ length: 250 }, (_, index) => `line ${index}\n`).join('');
    const { failures, output } = read([log(text), failed('sha256:run', 'RUN', error)]);
    expect(output).toHaveLength(250);
    expect([failures[0]?.output.length, failures[0]?.output[0], failures[0]?.output.at(-1)]).toEqual([
      200,
      'line 50',
      'line 249',
    ]);
  });
});

it('keeps what is not JSON: the words of buildx itself', () => {
  const { other, steps } = read([
    'ERROR: failed to read dockerfile: open Dockerfile: no such file',
    '',
    '  ',
    '{"cut off',
    'null',
    '{}',
  ]);
  expect(other).toEqual(['ERROR: failed to read dockerfile: open Dockerfile: no such file', '{"cut off', 'null']);
  expect(steps).toEqual([]);
});
