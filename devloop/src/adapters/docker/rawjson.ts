import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from '../../lib/lines.ts';
import type { BuildStep } from '../../model/operation.ts';

// `docker buildx build --progress=rawjson` prints BuildKit's SolveStatus as JSON lines on standard error:
// https://github.com/moby/buildkit/blob/master/client/graph.go
interface Vertex {
  readonly digest: string;
  readonly name?: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
  readonly error?: string;
}
interface VertexLog {
  readonly vertex: string;
  readonly data?: string;
}
interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly logs: readonly VertexLog[];
}

export interface RawJsonResult {
  /** The steps that failed and what each printed. */
  readonly failures: readonly { readonly step: string; readonly error: string; readonly output: readonly string[] }[];
  /** The last lines that were not JSON: buildx's own words. */
  readonly other: readonly string[];
}

const outputKept = 200;

interface StepOutput {
  readonly kept: string[];
  readonly lines: LineSplitter;
  readonly decoder: StringDecoder;
}

/** Follows the stream of one build: steps and their output as they come, the failures at the end. */
export class RawJsonReader {
  readonly #steps = new Map<string, string>();
  readonly #output = new Map<string, StepOutput>();
  readonly #failures = new Map<string, string>();
  readonly #other: string[] = [];
  readonly #report: { step: (step: BuildStep) => void; output: (line: string) => void };

  constructor(report: { step: (step: BuildStep) => void; output: (line: string) => void }) {
    this.#report = report;
  }

  line(line: string): void {
    const status = parseStatus(line);
    if (!status) {
      if (line.trim()) this.#other.push(line);
      if (this.#other.length > outputKept) this.#other.shift();
      return;
    }
    // Output first: the same line may tell the end of its step.
    for (const log of status.logs) this.#log(log.vertex, log.data ?? '');
    for (const vertex of status.vertexes) this.#vertex(vertex);
  }

  result(): RawJsonResult {
    for (const { lines } of this.#output.values()) lines.end();
    const failures = [...this.#failures].map(([digest, error]) => ({
      step: this.#steps.get(digest) ?? digest,
      error,
      output: this.#output.get(digest)?.kept ?? [],
    }));
    return { failures, other: this.#other };
  }

  #vertex(vertex: Vertex): void {
    const name = vertex.name ?? this.#steps.get(vertex.digest) ?? vertex.digest;
    this.#steps.set(vertex.digest, name);
    if (vertex.completed) this.#output.get(vertex.digest)?.lines.end();
    // A step that was cancelled because another failed is not a cause.
    if (vertex.error && !/context canceled/i.test(vertex.error)) this.#failures.set(vertex.digest, vertex.error);
    // BuildKit's housekeeping is not what the user wrote.
    if (name.startsWith('[internal]') || !vertex.started) return;
    const ms = Date.parse(vertex.completed ?? '') - Date.parse(vertex.started);
    this.#report.step({ id: vertex.digest, name, status: statusOf(vertex), ...(ms >= 0 && { ms }) });
  }

  // The pieces end anywhere, within a line and within a character.
  #log(digest: string, data: string): void {
    const output = this.#output.get(digest) ?? this.#newOutput();
    this.#output.set(digest, output);
    output.lines.push(output.decoder.write(Buffer.from(data, 'base64')));
  }

  #newOutput(): StepOutput {
    const kept: string[] = [];
    const lines = new LineSplitter((line) => {
      if (!line.trim()) return;
      kept.push(line);
      if (kept.length > outputKept) kept.shift();
      this.#report.output(line);
    });
    return { kept, lines, decoder: new StringDecoder('utf8') };
  }
}

function statusOf(vertex: Vertex): BuildStep['status'] {
  if (vertex.error) return 'failed';
  if (vertex.cached) return 'cached';
  return vertex.completed ? 'done' : 'running';
}

function parseStatus(line: string): SolveStatus | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { vertexes, logs } = JSON.parse(line) as Record<string, unknown>;
    return { vertexes: listOf(vertexes).filter(isVertex), logs: listOf(logs).filter(isLog) };
  } catch {
    return undefined;
  }
}

// What is not as BuildKit has it is passed over: a builder of another version must not end the loop.
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isVertex = (one: unknown): one is Vertex =>
  hasTexts(one, ['digest'], ['name', 'started', 'completed', 'error']) &&
  (!('cached' in one) || typeof one.cached === 'boolean');

const isLog = (one: unknown): one is VertexLog => hasTexts(one, ['vertex'], ['data']);

function hasTexts(one: unknown, needed: readonly string[], more: readonly string[]): one is object {
  if (typeof one !== 'object' || one === null) return false;
  const kindOf = (name: string) => typeof (one as Readonly<Record<string, unknown>>)[name];
  return (
    needed.every((name) => kindOf(name) === 'string') &&
    more.every((name) => kindOf(name) === 'string' || kindOf(name) === 'undefined')
  );
}
