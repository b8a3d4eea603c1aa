import { describe, expect, it } from '@jest/globals';
import type { Pod } from '../../src/adapters/kubernetes/objects.ts';
import { declaredValues, secretValues } from '../../src/adapters/kubernetes/secret-values.ts';
import { sampleProject } from '../support/sample.ts';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

describe('the values of a Secret', () => {
  it('are its texts; what is no text stays in base64', () => {
    const bytes = base64(Uint8Array.from([0xff, 0xfe, 0x00, 0x80]));
    const data = { password: base64('hunter2'), key: bytes };
    expect(secretValues({ data }, sampleProject())).toEqual(['hunter2', bytes]);
  });

  it('are none where it has none, or they are names of the project', () => {
    expect(secretValues({}, sampleProject())).toEqual([]);
    const data = { user: base64('backend'), namespace: base64('tasks-dev') };
    expect(secretValues({ data }, sampleProject())).toEqual([]);
  });
});

describe('the variables that the configuration calls secret', () => {
  const pod = {
    spec: {
      initContainers: [{ name: 'init', env: [{ name: 'API_KEY', value: 'first' }] }],
      containers: [
        {
          name: 'app',
          env: [{ name: 'API_KEY', value: 'second' }, { name: 'LEVEL', value: 'debug' }, { name: 'EMPTY' }],
        },
      ],
    },
  } as Pod;

  it('have the values of the pod', () => {
    expect(declaredValues(pod, { ...sampleProject(), secretEnv: ['API_KEY', 'EMPTY'] })).toEqual(['first', 'second']);
    expect(declaredValues(pod, sampleProject())).toEqual([]);
    expect(declaredValues({}, { ...sampleProject(), secretEnv: ['API_KEY'] })).toEqual([]);
  });
});
