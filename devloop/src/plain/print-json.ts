import { isoTime } from '../lib/time-text.ts';
import type { StampedEvent } from '../model/events.ts';
import type { ProjectSpec } from '../model/project.ts';

/** The version of the lines' form; it grows when a field goes or changes its meaning. */
const version = 1;

/**
 * Prints each event as one line of JSON: `{"v":1,"seq":1,"at":"2026-01-31T14:03:22.120Z","type":"build.started",…}`,
 * the other fields as in `LoopEvent`, durations in milliseconds.
 * @param write takes each line with its newline
 */
export function createJsonPrinter({
  write,
}: {
  readonly write: (text: string) => void;
}): (event: StampedEvent) => void {
  return (event) => {
    const { seq, at, type, ...fields } = withoutFileLists(event);
    write(`${JSON.stringify({ v: version, seq, at: isoTime(at), type, ...fields })}\n`);
  };
}

/** What readers need of a project; where its files are, and what is in its values, stays out of the stream. */
function projectOutline({ name, namespace, releases, services }: ProjectSpec) {
  return {
    name,
    namespace,
    releases: releases.map((release) => release.name),
    services: services.map((service) => ({ name: service.name, release: service.release, ports: service.ports })),
  };
}

const withoutFileLists = (event: StampedEvent) =>
  event.type === 'loop.started' || event.type === 'config.reloaded'
    ? { ...event, project: projectOutline(event.project) }
    : event;
