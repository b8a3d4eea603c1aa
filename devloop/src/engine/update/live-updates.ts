import { randomUUID } from 'node:crypto';
import type { Clock } from '../../model/clock.ts';
import type { StampedEvent } from '../../model/events.ts';
import { type BuiltImage, imageReference } from '../../model/operation.ts';
import { podsOf } from '../../state/of-service.ts';
import { runsImage } from '../../state/service-pods.ts';
import type { Store } from '../../state/store.ts';
import type { Outside } from '../outside.ts';
import type { PodTraffic } from '../pod-traffic.ts';
import { LivePod } from './live-pod.ts';
import { LiveService } from './live-service.ts';

export interface LiveUpdates {
  /** Makes out what an edit means for the service's pods, which then get it. Reports by events. */
  readonly prepare: (service: string, edit: number) => Promise<void>;
  /** Forgets what was changed live in the service's containers since an image; one that is started anew runs the image. */
  readonly takeBack: (service: string, image: BuiltImage) => void;
  /** Ends every way into a container. */
  readonly stop: () => Promise<void>;
}

interface RunningPod {
  readonly pod: LivePod;
  readonly end: AbortController;
  readonly ended: Promise<void>;
}

/** Keeps the pods of all services that have live updates in step with their edits. */
export function startLiveUpdates(
  outside: Pick<Outside, 'kubernetes' | 'live' | 'files'>,
  clock: Clock,
  store: Store,
  traffic: PodTraffic,
): LiveUpdates {
  const services = new Map<string, LiveService>();
  const pods = new Map<string, RunningPod>();
  const session = randomUUID();

  const isLive = (name: string) => store.getState().services[name]?.spec?.live !== undefined;

  function serviceOf(name: string): LiveService {
    const known = services.get(name);
    if (known) return known;
    const made = new LiveService(name, outside, clock, store);
    services.set(name, made);
    void made.warmUp();
    return made;
  }

  function onEvent(event: StampedEvent): void {
    switch (event.type) {
      case 'edit':
        for (const name of event.services.filter(isLive)) serviceOf(name).add(event.edit, event.files);
        return;
      case 'build.succeeded':
        if (!isLive(event.service)) return;
        void serviceOf(event.service).onImage(imageReference(event.image), event.image.edit);
        reconcile(event.service);
        return;
      case 'pod.changed':
        if (!isLive(event.pod.service)) return;
        reconcile(event.pod.service);
        pods.get(event.pod.uid)?.pod.poke();
        return;
      case 'pod.removed':
        void end(event.uid);
        return;
      case 'update.prepared':
        for (const { view } of podsOf(store.getState(), event.service)) pods.get(view.uid)?.pod.poke();
        return;
      default:
    }
  }

  /** Each pod that runs the service's newest image is looked after. */
  function reconcile(name: string): void {
    const state = store.getState();
    const image = state.services[name]?.image;
    if (!image) return;
    const { overlay } = serviceOf(name);
    for (const pod of podsOf(state, name)) {
      if (pods.has(pod.view.uid) || pod.view.deleting || !runsImage(pod, image)) continue;
      start(name, pod.view.uid, overlay);
    }
  }

  function start(name: string, uid: string, overlay: LiveService['overlay']): void {
    const ending = new AbortController();
    const pod = new LivePod({ outside, clock, store, traffic, overlay, session }, name, uid);
    pods.set(uid, { pod, end: ending, ended: pod.run(ending.signal) });
  }

  async function end(uid: string): Promise<void> {
    const running = pods.get(uid);
    if (!running) return;
    pods.delete(uid);
    traffic.forget(uid);
    running.end.abort();
    await running.ended;
  }

  const unsubscribe = store.subscribe(onEvent);
  for (const name of Object.keys(store.getState().services).filter(isLive)) serviceOf(name);
  return {
    prepare: (name, edit) => serviceOf(name).prepare(edit),
    takeBack: (name, image) => {
      if (isLive(name)) serviceOf(name).takeBack(imageReference(image), image.edit);
    },
    stop: async () => {
      unsubscribe();
      await Promise.all([...pods.keys()].map(end));
    },
  };
}
