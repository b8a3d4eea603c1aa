import type { LogFrame } from './log-place.ts';
import type { LogView } from './log-view.ts';

/** The view of the selected service's next pod: of all pods first the newest, after the oldest all again. */
export function nextPod(view: LogView, frame: LogFrame): LogView {
  const { selected } = frame;
  if (selected === undefined) return view;
  const all: LogView = { ...withoutNarrowed(view), scope: 'selected' };
  const pods = valuesOf(all, frame, 'pod').reverse();
  const next = pods[pods.indexOf(narrowedOf(view, selected)?.pod ?? '') + 1];
  return next === undefined ? all : { ...all, narrowed: { service: selected, pod: next } };
}

/** The view of the next container of the selected service, or of the pod that shows; after the last one all again. */
export function nextContainer(view: LogView, frame: LogFrame): LogView {
  const { selected } = frame;
  if (selected === undefined) return view;
  const { pod, container } = narrowedOf(view, selected) ?? {};
  const ofPod = pod === undefined ? {} : { pod };
  const all: LogView = { ...withoutNarrowed(view), scope: 'selected' };
  const allOfPod = pod === undefined ? all : { ...all, narrowed: { service: selected, pod } };
  const containers = valuesOf(allOfPod, frame, 'container');
  const next = containers[containers.indexOf(container ?? '') + 1];
  return next === undefined ? allOfPod : { ...all, narrowed: { service: selected, ...ofPod, container: next } };
}

const narrowedOf = ({ scope, narrowed }: LogView, selected: string) =>
  scope === 'selected' && narrowed?.service === selected ? narrowed : undefined;

/** The pods or containers that have lines, in the order of their first ones. */
const valuesOf = (view: LogView, { logs, selected }: LogFrame, key: 'pod' | 'container'): string[] => [
  ...new Set(logs.show(view, selected).streams.flatMap(({ origin }) => origin[key] ?? [])),
];

function withoutNarrowed(view: LogView): LogView {
  const { narrowed: _, ...rest } = view;
  return rest;
}
