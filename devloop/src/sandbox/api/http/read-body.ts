import type { IncomingMessage } from 'node:http';
import { parseDocument } from 'yaml';
import { ApiError, badRequest } from '../../store/api-error.ts';
import { parseMediaType } from './media-types.ts';
import { decodeObject } from './protobuf/decode-object.ts';
import { unsupportedMediaType } from './status.ts';

/** As large as etcd's requests through Kubernetes may be. https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/server/config.go */
const limitBytes = 3 * 1024 * 1024;
const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** @throws ApiError 413 when it is longer than 3 MiB */
async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const readBody = async (request: IncomingMessage): Promise<string> =>
  (await readBytes(request)).toString('utf8');

export const bodyType = (request: IncomingMessage): string =>
  parseMediaType(request.headers['content-type'] ?? '').type;

/**
 * Reads JSON, YAML or protobuf, as the content type says; none means JSON.
 * @param kind what the error says was expected
 * @throws ApiError 400 when it is no object, 415 for other types
 */
export async function readObject(request: IncomingMessage, kind: string): Promise<Record<string, unknown>> {
  return parseBody(request, await readBytes(request), kind);
}

/** The same, of a body that need not be there: that of a delete. */
export async function readOptionalObject(request: IncomingMessage, kind: string): Promise<Record<string, unknown>> {
  const bytes = await readBytes(request);
  return bytes.toString().trim() === '' ? {} : parseBody(request, bytes, kind);
}

function parseBody(request: IncomingMessage, bytes: Buffer, kind: string): Record<string, unknown> {
  const type = bodyType(request) || 'application/json';
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  if (type === 'application/vnd.kubernetes.protobuf') return parseProtobuf(bytes, kind);
  return parseObject(bytes.toString('utf8'), type === 'application/json' ? 'json' : 'yaml', kind);
}

function parseProtobuf(bytes: Buffer, kind: string): Record<string, unknown> {
  const refuse = (why: string) => badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why}`);
  try {
    const object = decodeObject(bytes);
    if (object) return object;
  } catch (error) {
    throw refuse((error as Error).message);
  }
  throw refuse('no such kind is served');
}

/** @throws ApiError 400 when the text is no object, in Kubernetes' words */
export function parseObject(text: string, format: 'json' | 'yaml', kind: string): Record<string, unknown> {
  const value = parseText(text, format, (why) => {
    const shown = text.trim() === '' ? '<empty>' : text.slice(0, 200);
    return badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; ${format === 'json' ? 'json parse' : 'yaml'} error: ${why} (${shown})`,
    );
  });
  if (!isRecord(value)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${goTypeOf(value)} into Go value of type struct { APIVersion string; Kind string }`,
    );
  }
  return value;
}

/** @param wrap makes the error of a text that cannot be read */
export function parseText(text: string, format: 'json' | 'yaml', wrap: (why: string) => ApiError): unknown {
  if (format === 'yaml') {
    const document = parseDocument(text);
    const [error] = document.errors;
    if (error) throw wrap(error.message);
    return document.toJS();
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrap(text.trim() === '' ? 'unexpected end of JSON input' : (error as Error).message);
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const goTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
};
