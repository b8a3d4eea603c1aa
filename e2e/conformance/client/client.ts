import type { HelmMajor } from '../../../helm/test/helm-binaries.ts';
import { itemsOf, nameOf, versionOf } from '../values/at.ts';
import type { Answer, Connection, Question } from './connection.ts';
import { resourcePath } from './resources.ts';
import type { Said, Tools } from './tools.ts';
import { Watch } from './watch.ts';

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** One check's way to a target: a namespace of its own, through plain HTTP, kubectl and helm. */
export class Client {
  readonly namespace: string;
  readonly connection: Connection;
  readonly tools: Tools;

  constructor(namespace: string, connection: Connection, tools: Tools) {
    this.namespace = namespace;
    this.connection = connection;
    this.tools = tools;
  }

  readonly path = (resource: string, rest?: string): string => resourcePath(this.namespace, resource, rest);

  /** One request, whatever its answer; `path` as it stands in the URL. */
  readonly ask = (method: string, path: string, body?: unknown, more: Partial<Question> = {}): Promise<Answer> =>
    this.connection.ask({ method, path, ...(body === undefined ? {} : { body }), ...more });

  readonly create = async (resource: string, object: unknown): Promise<unknown> =>
    this.#mustSucceed(await this.ask('POST', this.path(resource), object));

  /** @param rest the name, a subresource, a query */
  readonly read = async (resource: string, rest: string): Promise<unknown> =>
    this.#mustSucceed(await this.ask('GET', this.path(resource, rest)));

  readonly list = async (resource: string, query = ''): Promise<unknown> =>
    this.#mustSucceed(await this.ask('GET', `${this.path(resource)}?${query}`));

  readonly replace = async (resource: string, rest: string, object: unknown): Promise<unknown> =>
    this.#mustSucceed(await this.ask('PUT', this.path(resource, rest), object));

  /** A patch that has to succeed. */
  readonly patch = async (
    type: keyof typeof patchTypes,
    resource: string,
    rest: string,
    patch: unknown,
  ): Promise<unknown> => this.#mustSucceed(await this.tryPatch(type, resource, rest, patch));

  readonly tryPatch = (
    type: keyof typeof patchTypes,
    resource: string,
    rest: string,
    patch: unknown,
  ): Promise<Answer> =>
    this.ask('PATCH', this.path(resource, rest), patch, { headers: { 'content-type': patchTypes[type] } });

  readonly remove = async (resource: string, rest: string, options?: unknown): Promise<unknown> =>
    this.#mustSucceed(await this.ask('DELETE', this.path(resource, rest), options));

  /** @param query labelSelector, resourceVersion, ... */
  readonly watch = (resource: string, query = ''): Promise<Watch> =>
    Watch.open(this.connection, `${this.path(resource)}?${query}`);

  /** Watches the objects of a resource until the predicate gives a value. Rejects after 100 s of silence. */
  async until<Value>(
    resource: string,
    query: string,
    take: (objects: readonly unknown[]) => Value | undefined,
  ): Promise<Value> {
    const list = await this.list(resource, query);
    const objects = new Map(itemsOf(list).map((item) => [nameOf(item), item]));
    const watch = await this.watch(resource, `${query}&resourceVersion=${versionOf(list)}`);
    try {
      let value = take([...objects.values()]);
      while (value === undefined) {
        const event = await watch.next();
        if (!event) throw new Error(`The watch of ${resource} ended after ${watch.seen().join(', ')}`);
        if (event.type === 'DELETED') objects.delete(nameOf(event.object));
        else objects.set(nameOf(event.object), event.object);
        value = take([...objects.values()]);
      }
      return value;
    } finally {
      watch.close();
    }
  }

  /** Waits for one object that satisfies the predicate. */
  readonly untilObject = (resource: string, name: string, is: (object: unknown) => boolean): Promise<unknown> =>
    this.until(resource, `fieldSelector=metadata.name=${name}`, (objects) => objects.find(is));

  /** Waits until an object is gone. */
  readonly untilGone = (resource: string, name: string): Promise<true> =>
    this.until(resource, `fieldSelector=metadata.name=${name}`, (objects) => (objects.length === 0 ? true : undefined));

  /** Runs kubectl in the namespace, whatever its exit code is. */
  readonly kubectl = (...args: string[]): Promise<Said> => this.tools.kubectl(this.namespace, args);

  /** As `kubectl`, with standard input. */
  readonly kubectlWith = (input: string, ...args: string[]): Promise<Said> =>
    this.tools.kubectl(this.namespace, args, input);

  readonly helm = (major: HelmMajor, ...args: string[]): Promise<Said> => this.tools.helm(major, this.namespace, args);

  #mustSucceed({ status, body }: Answer): unknown {
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  }
}
