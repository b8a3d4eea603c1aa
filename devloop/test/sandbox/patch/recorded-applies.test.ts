import { describe, expect, test } from '@jest/globals';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { applyObject } from '../../../src/sandbox/store/patch/apply-object.ts';
import { patchObject } from '../../../src/sandbox/store/patch/patch-object.ts';
import { trackFields } from '../../../src/sandbox/store/patch/track-fields.ts';
import { errorOf, frozen } from './objects.ts';
import { type RecordedError, type RecordedManager, type RecordedWrite, recordedApplies, withDiff } from './recorded.ts';

const now = '2024-05-06T07:08:09Z';

/** The object as the server has it, with the entries that it recorded. */
const stored = (state: unknown, managers: readonly RecordedManager[]): KubeObject => {
  const object = structuredClone(state) as KubeObject;
  const managedFields = managers.map(({ timed, ...entry }) => ({
    ...entry,
    fieldsType: 'FieldsV1',
    ...(timed && { time: now }),
  }));
  if (managers.length) Object.assign(object.metadata, { managedFields });
  object.metadata.uid = 'u';
  return object;
};

const managersOf = ({ metadata }: KubeObject): RecordedManager[] =>
  (metadata.managedFields ?? []).map(({ time, fieldsType: _, ...entry }) => ({
    ...(entry as Omit<RecordedManager, 'timed'>),
    timed: time !== undefined,
  }));

const byName = (managers: readonly RecordedManager[]): RecordedManager[] =>
  [...managers].sort((one, other) => (one.manager + one.operation < other.manager + other.operation ? -1 : 1));

function write(current: KubeObject | undefined, { manager, how, force, body }: RecordedWrite, after: unknown) {
  const kind = kindOf(body['kind'] ? String(body['kind']) : (current?.kind ?? ''));
  if (how === 'apply')
    return applyObject(
      kind,
      current,
      frozen(structuredClone(body)) as unknown as KubeObject,
      { manager },
      force ?? false,
      now,
    );
  // Defaults are not the business of these functions: what is created is taken as it came out.
  const next =
    how === 'create' || !current ? (structuredClone(after) as KubeObject) : patchObject(kind, current, how, body);
  trackFields(kind, current, next, { manager }, now);
  return next;
}

const steps = Object.entries(recordedApplies).flatMap(([sequence, writes]) => {
  let state: unknown;
  let managers: readonly RecordedManager[] = [];
  return writes.map((recorded, index) => {
    const current = state === undefined ? undefined : stored(state, managers);
    if (recorded.diff !== undefined) {
      state = withDiff(state ?? {}, recorded.diff);
      managers = recorded.managers ?? [];
    }
    return { sequence, index, current, recorded, state, who: `${recorded.how} by ${recorded.manager}` };
  });
});

/** What validation and the schema of all fields refuse, and not these functions. */
const ofOthers = ({ code, message }: RecordedError): boolean =>
  code === 422 || /field not declared in schema|expected numeric/.test(message);

/** Newer versions than 1.20 own what is applied empty or as null, so that leaving it out later removes it. */
const emptyOwned: Readonly<Record<string, Record<string, unknown>>> = {
  'two managers of a ConfigMap 6': { 'f:data': {} },
  'shared fields 3': { 'f:data': {} },
  'empty and null 0': {
    'f:metadata': { 'f:annotations': {}, 'f:labels': {} },
    'f:spec': {
      'f:template': {
        'f:spec': {
          'f:nodeSelector': {},
          'f:securityContext': {},
          'f:volumes': { 'k:{"name":"t"}': { 'f:emptyDir': {} } },
        },
      },
    },
  },
};

/** The recorded entries with what newer versions add to the one that applied. */
function expected({ manager, managers = [] }: RecordedWrite, fields: Record<string, unknown> | undefined) {
  if (!fields) return byName(managers);
  const own = managers.find((entry) => entry.manager === manager);
  const entry = own ?? { manager, operation: 'Apply', apiVersion: 'v1', fieldsV1: {}, timed: true };
  return byName([
    ...managers.filter((other) => other !== own),
    { ...entry, fieldsV1: withDiff(entry.fieldsV1, fields) },
  ]);
}

describe('field managers get what the API server of Kubernetes 1.20 gave them', () => {
  test.each(steps.filter(({ recorded }) => recorded.managers))(
    '$sequence, write $index: $who',
    ({ sequence, index, current, recorded, state }) => {
      const result = write(current && frozen(current), recorded, state);
      expect(byName(managersOf(result))).toEqual(expected(recorded, emptyOwned[`${sequence} ${index}`]));
      const { managedFields: _, uid: _u, ...metadata } = result.metadata;
      expect(state).toMatchObject({ ...result, metadata });
    },
  );

  test.each(steps.filter(({ recorded }) => recorded.error && !ofOthers(recorded.error)))(
    '$sequence, write $index fails: $who',
    ({ current, recorded, state }) => {
      const { code, message, reason, details } = errorOf(() => write(current, recorded, state));
      expect({ code, message, reason, details }).toEqual({ reason: '', ...recorded.error });
    },
  );
});
