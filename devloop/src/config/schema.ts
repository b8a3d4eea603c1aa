import { z } from 'zod';
import { keyClash, keyPattern } from '../model/keymap/key-choice.ts';
import { defaultKeymap } from '../model/keymap/keymap.ts';
import type { Config } from './define.ts';

// RFC 1123 labels: what Kubernetes takes as a name of a namespace or a Service.
const label = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, at most 53 characters',
  );
const filePath = z.string().min(1, 'must not be empty');
// Dots separate keys; the characters that Helm's --set syntax gives a meaning (comma, braces, equals) are refused.
const valuePath = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'must be a dotted path of the chart, such as backend.image');
const port = z.int().min(1).max(65_535);

const release = z.strictObject({
  chart: filePath,
  values: z.array(filePath).optional(),
  set: z.record(valuePath, z.string()).optional(),
  name: label.optional(),
});

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name');

const image = z.strictObject({
  context: filePath,
  dockerfile: filePath.optional(),
  target: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be the name of a stage')
    .optional(),
  args: z.record(variableName, z.string()).optional(),
});

const portSpec = z.strictObject({ local: port, remote: port });

const commandLine = z.array(z.string()).min(1, 'must name a program');

const recipe = z
  .strictObject({
    bundle: filePath.optional(),
    build: commandLine.optional(),
    start: commandLine.optional(),
    env: z.record(variableName, z.string()).optional(),
    folder: filePath.optional(),
  })
  .refine((value) => value.bundle !== undefined || value.start !== undefined, {
    path: ['start'],
    message: 'is needed without bundle: it says which program runs',
  });

const containerPath = z
  .string()
  .min(1, 'must not be empty')
  .refine((value) => !value.split('/').includes('..'), 'must not go up with ..');
const pattern = z.string().min(1, 'must not be empty');

const bundle = z.strictObject({
  entry: filePath,
  to: containerPath.refine((value) => !/(^|\/)\.?$/.test(value), 'must name a file: /app/server.js'),
  external: z.array(z.string().min(1, 'must not be empty')).optional(),
});

const sync = z.strictObject({ from: filePath, to: containerPath, ignore: z.array(pattern).optional() });

const run = z.strictObject({ command: commandLine, when: z.array(pattern).min(1, 'must name at least one file') });

const live = z
  .strictObject({
    bundle: bundle.optional(),
    sync: z.array(sync).optional(),
    run: z.array(run).optional(),
    restart: z.boolean().optional(),
    rebuild: z.array(pattern).optional(),
  })
  .refine((value) => value.bundle !== undefined || (value.sync ?? []).length > 0, {
    message: 'needs bundle or sync: they say what is sent',
  });

const service = z
  .strictObject({
    image: image.optional(),
    values: z.strictObject({ image: valuePath }).optional(),
    workload: z.string().min(1).optional(),
    ports: z.array(portSpec).optional(),
    release: label.optional(),
    live: live.optional(),
    sandbox: recipe.optional(),
  })
  .refine((value) => !value.image || value.values, {
    path: ['values'],
    message: 'is needed with image: values.image says where the chart takes it',
  })
  .refine((value) => !value.live || value.image, {
    path: ['live'],
    message: 'needs image: devloop updates what it has built itself',
  });

const watch = z.strictObject({
  rest: z.int().min(0).max(60_000).optional(),
  max: z.int().min(1).max(60_000).optional(),
});

const key = z.string().regex(keyPattern, 'must be a key: one character, or such as enter, space, ctrl+k, shift+up');

const ui = z
  .strictObject({
    keys: z
      .partialRecord(z.enum(defaultKeymap.map(({ command }) => command)), z.array(key).min(1, 'must name a key'))
      .optional(),
    notify: z.enum(['off', 'bell', 'desktop']).optional(),
    mouse: z.boolean().optional(),
  })
  .superRefine(({ keys = {} }, context) => {
    const clash = keyClash(keys);
    if (clash) context.addIssue({ code: 'custom', path: ['keys', clash.command], message: clash.message });
  });

const config = z
  .strictObject({
    name: label,
    namespace: label.optional(),
    release: release.optional(),
    releases: z.record(label, release).optional(),
    services: z.record(label, service).refine((all) => Object.keys(all).length > 0, 'must name at least one service'),
    allowContexts: z.array(z.string().min(1)).optional(),
    secretEnv: z.array(variableName).optional(),
    parallelBuilds: z.int().min(1).max(32).optional(),
    watch: watch.optional(),
    ui: ui.optional(),
  })
  .refine((value) => (value.release === undefined) !== (value.releases === undefined), {
    path: ['release'],
    message: 'give either release or releases',
  });

/** The shape of `devloop.config.ts`; unknown keys are errors. */
export const configSchema = config as z.ZodType<Config>;

/** Every key that the configuration knows at any place, for "did you mean". */
export const knownKeys: readonly string[] = [
  ...[config, release, service, image, portSpec, watch, ui],
  ...[recipe, live, bundle, sync, run],
].flatMap((part) => Object.keys(part.shape));
