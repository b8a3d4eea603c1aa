import { describe, expect, test } from '@jest/globals';
import { parseFieldSelector } from '../../../src/sandbox/api/selectors/field-selector.ts';
import { parseLabelSelector } from '../../../src/sandbox/api/selectors/label-selector.ts';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';

const labels = { app: 'web', tier: 'front', size: '10', empty: '' };

describe('label selectors', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app=db', false],
    ['app!=db', true],
    ['gone!=db', true],
    ['app', true],
    ['gone', false],
    ['constructor', false],
    ['!gone', true],
    ['constructor notin (db)', true],
    ['! app', false],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['gone in (db)', false],
    ['app notin (db,cache)', true],
    ['gone notin (db)', true],
    ['app notin (web)', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    [' app = web , tier in ( front ) ', true],
    ['empty=', true],
    ['app=', false],
    ['empty in (a,)', true],
    ['empty in ()', true],
    ['size>9', true],
    ['size<9', false],
    ['app>9', false],
    ['in in (in)', false],
  ])('%s → %s', (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  test('an object without labels has none', () => {
    expect(parseLabelSelector('!app')(undefined)).toBe(true);
    expect(parseLabelSelector('app')(undefined)).toBe(false);
  });

  test.each([
    ['a===', "unable to parse requirement: found '=', expected: identifier"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    [
      'a>b',
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s is refused in Kubernetes’ words', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400, message }));
  });
});

describe('field selectors', () => {
  const pod = {
    metadata: { name: 'a', namespace: 'ns' },
    spec: { nodeName: 'sandbox' },
    status: { phase: 'Running' },
  } as unknown as KubeObject;
  const matches = (text: string) => parseFieldSelector(kindOf('Pod'), text).matches(pod);

  test.each([
    ['', true],
    ['metadata.name=a', true],
    ['metadata.name==b', false],
    ['metadata.namespace=ns,status.phase!=Failed', true],
    ['status.phase=Failed', false],
    ['spec.nodeName=sandbox', true],
    ['status.podIP=', true],
    ['spec.hostNetwork=false', true],
  ])('%s → %s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test('events by what they are about and where they come from', () => {
    const event = { metadata: {}, involvedObject: { name: 'web' }, source: { component: 'kubelet' } };
    const { matches: match } = parseFieldSelector(kindOf('Event'), 'involvedObject.name=web,source=kubelet');
    expect(match(event as unknown as KubeObject)).toBe(true);
  });

  test('escaped characters', () => {
    const secret = { metadata: {}, type: 'a,b=c' } as unknown as KubeObject;
    expect(parseFieldSelector(kindOf('Secret'), 'type=a\\,b\\=c').matches(secret)).toBe(true);
    expect(() => parseFieldSelector(kindOf('Secret'), 'type=a\\b')).toThrow('invalid escape sequence');
  });

  test('the one name that can match is known', () => {
    expect(parseFieldSelector(kindOf('Pod'), 'metadata.name=a').name).toBe('a');
    expect(parseFieldSelector(kindOf('Pod'), 'metadata.name!=a').name).toBeUndefined();
  });

  test.each([
    ['Pod', 'foo=bar', 'field label not supported: foo'],
    ['ConfigMap', 'spec.x=1', '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['ConfigMap', 'spec.x', "invalid selector: 'spec.x'; can't understand 'spec.x'"],
  ])('%s refuses %s', (kind, text, message) => {
    expect(() => parseFieldSelector(kindOf(kind), text)).toThrow(expect.objectContaining({ code: 400, message }));
  });
});
