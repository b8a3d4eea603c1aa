import type { IncomingMessage } from 'node:http';

/** The whole body as text. */
export async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}
