import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Kind } from '../store/kinds.ts';
import type { Shape } from './http/media-types.ts';
import type { ResourcePath } from './http/resource-path.ts';
import type { Writer } from './parts.ts';
import type { ServerParts } from './server-parts.ts';

/** A request for a kind's resources, with what is read from it once. */
export interface Exchange {
  readonly parts: ServerParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly path: ResourcePath;
  readonly kind: Kind;
  readonly shape: Shape;
  readonly writer: Writer;
  /** Texts for `Warning` headers; handlers add to them. */
  readonly warnings: string[];
}

/** A request that names one object; the namespace is the empty text where the kind has none. */
export interface NamedExchange extends Exchange {
  readonly namespace: string;
  readonly name: string;
}
