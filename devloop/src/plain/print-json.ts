import { isoTime } from '../lib/time-text.ts';
import type { LoopEvent, StampedEvent } from '../model/events.ts';
import type { PortSpec, ProjectSpec } from '../model/project.ts';

/** The version of the lines' form; it grows when a field goes or changes its meaning. */
const version = 1;

/**
 * What one line says: `v`, `seq`, `at` and `type`, and the other fields as in `LoopEvent`, but for the project's.
 * docs/events.md describes each, docs/events.schema.json is its JSON schema.
 */
export type EventLine = LineOf<LoopEvent>;

type LineOf<Event extends LoopEvent> = Event extends { readonly project: ProjectSpec }
  ? LineHead & Omit<Event, 'project'> & { readonly project: ProjectOutline }
  : LineHead & Event;

interface LineHead {
  readonly v: typeof version;
  /** Counts from 1. */
  readonly seq: number;
  /** `2026-01-31T14:03:22.120Z` */
  readonly at: string;
}

/** What readers need of a project; where its files are, and what is in its values, stays out of the stream. */
export interface ProjectOutline {
  readonly name: string;
  readonly namespace: string;
  readonly releases: readonly string[];
  readonly services: readonly {
    readonly name: string;
    readonly release: string;
    readonly ports: readonly PortSpec[];
  }[];
}

/**
 * Prints each event as one line of JSON: `{"v":1,"seq":1,"at":"2026-01-31T14:03:22.120Z","type":"build.started",…}`.
 * @param write takes each line with its newline
 */
export function createJsonPrinter({
  write,
}: {
  readonly write: (text: string) => void;
}): (event: StampedEvent) => void {
  return (event) => {
    const { seq, at, type, ...fields } = withoutFileLists(event);
    const line = { v: version, seq, at: isoTime(at), type, ...fields } as EventLine;
    write(`${JSON.stringify(line)}\n`);
  };
}

function projectOutline({ name, namespace, releases, services }: ProjectSpec): ProjectOutline {
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
