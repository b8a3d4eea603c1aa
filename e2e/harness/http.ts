import http from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole request; 30 s when not given, as the first page of `next dev` is compiled on request. */
  readonly timeout?: number;
}

/** One request over a connection of its own. Rejects on a connection error or a timeout, not on a status. */
export function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, timeout = 30_000 } = options;
  return new Promise((resolve, reject) => {
    const sent = http.request(
      url,
      { method, headers, agent: false, signal: AbortSignal.timeout(timeout) },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

interface PollOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly interval?: number;
}

/** Asks until the answer is a value; the last error is part of the message when none came in time. */
export async function poll<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  { timeout = 60_000, interval = 100 }: PollOptions = {},
): Promise<Value> {
  const deadline = Date.now() + timeout;
  let last = 'it never came';
  while (Date.now() < deadline) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
  throw new Error(`Waited ${timeout / 1000} s for ${what}: ${last}`);
}
