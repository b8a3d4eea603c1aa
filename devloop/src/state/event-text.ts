import type { KubeEventView } from '../model/pod.ts';

/** A Kubernetes Event as one line: what it is about, its reason and its message. */
export const eventText = ({ object, reason, message }: KubeEventView): string =>
  `${object.kind} ${object.name}: ${reason}: ${message}`;
