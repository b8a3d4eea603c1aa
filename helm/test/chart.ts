// Runs the chart through Helm 3 and Helm 4 and reads what they render.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { type HelmMajor, helmBinary } from './helm-binaries.ts';

export const majors = [3, 4] as const satisfies HelmMajor[];

const chart = fileURLToPath(new URL('..', import.meta.url));
/** Arguments that lay the development values over the default ones. */
export const dev = ['-f', fileURLToPath(new URL('../values-dev.yaml', import.meta.url))];

export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  data?: Record<string, string>;
  spec?: unknown;
}

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export async function helm(major: HelmMajor, ...args: string[]): Promise<Result> {
  const file = await helmBinary(major);
  return new Promise((resolve, reject) => {
    execFile(file, args, { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      // A text instead of a number: Helm could not be run at all.
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}

export function lint(major: HelmMajor, ...args: string[]): Promise<Result> {
  return helm(major, 'lint', '--strict', chart, ...args);
}

/** `helm template` of a release called tasks. */
export function template(major: HelmMajor, ...args: string[]): Promise<Result> {
  return helm(major, 'template', 'tasks', chart, ...args);
}

/** The manifests, by "Kind/name"; fails unless both Helms render the same. */
export async function render(...args: string[]): Promise<Map<string, Manifest>> {
  const [three, four] = await Promise.all([template(3, ...args), template(4, ...args)]);
  for (const { code, stderr } of [three, four]) if (code !== 0) throw new Error(stderr);
  if (three.stdout !== four.stdout) throw new Error(`Helm 3 and 4 differ:\n${three.stdout}\n\n${four.stdout}`);
  const manifests = new Map<string, Manifest>();
  for (const document of parseAllDocuments(three.stdout)) {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const manifest = document.toJS() as Manifest;
    manifests.set(`${manifest.kind}/${manifest.metadata.name}`, manifest);
  }
  return manifests;
}

/** What the Deployment of an app starts: its pod's metadata and spec, and the one container. */
export function podOf(manifests: Map<string, Manifest>, app: string) {
  const spec = manifests.get(`Deployment/tasks-${app}`)?.spec as
    | { template: { metadata: PodMetadata; spec: PodSpec } }
    | undefined;
  const container = spec?.template.spec.containers[0];
  if (spec === undefined || container === undefined) throw new Error(`no Deployment with a container for ${app}`);
  return { metadata: spec.template.metadata, spec: spec.template.spec, container };
}

interface PodMetadata {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface PodSpec {
  containers: Record<string, unknown>[];
  volumes: unknown[];
}
