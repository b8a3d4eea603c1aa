import http from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  /** The parsed body where it is JSON, else its text. */
  readonly body: unknown;
}

export interface Question {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the answer has to be complete; 30 s when not given. */
  readonly timeout?: number;
  /** Leaves the user of the kubeconfig out. */
  readonly anonymous?: boolean;
}

/** Plain HTTP to the API server that a kubeconfig's current context names. */
export class Connection {
  readonly #server: URL;
  readonly #options: https.RequestOptions;

  private constructor(server: URL, options: https.RequestOptions) {
    this.#server = server;
    this.#options = options;
  }

  static async open(kubeconfig: string): Promise<Connection> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new Error(`${kubeconfig} has no current cluster`);
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new Connection(new URL(cluster.server), options);
  }

  /** Sends a request and gives the response as it begins. */
  open({ method, path, body, headers = {}, anonymous = false }: Question, signal: AbortSignal) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { ca, cert, key, headers: own } = this.#options;
    const who = anonymous ? {} : { cert, key };
    // Without its length, Node sends the body of a DELETE in a way that servers take for no body.
    const length = text === undefined ? undefined : `${Buffer.byteLength(text)}`;
    const type = length === undefined ? {} : { 'content-type': 'application/json', 'content-length': length };
    return new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = {
        ...{ method, agent: false as const, signal, ca, ...who },
        headers: { accept: 'application/json', ...type, ...(anonymous ? {} : own), ...headers },
      };
      const url = new URL(path, this.#server);
      const sent =
        url.protocol === 'https:' ? https.request(url, options, resolve) : http.request(url, options, resolve);
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** Asks and waits for the whole answer; resolves whatever the status is. */
  async ask(question: Question): Promise<Answer> {
    const response = await this.open(question, AbortSignal.timeout(question.timeout ?? 30_000));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
    return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text };
  }
}
