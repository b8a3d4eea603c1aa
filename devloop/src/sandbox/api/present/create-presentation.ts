import { apiVersionOf, kinds } from '../../store/kinds.ts';
import { loadFieldTypes } from '../../store/rules/types/field-types.ts';
import type { Presentation } from '../parts.ts';
import { openApiOf } from './open-api.ts';
import { tableOf } from './table.ts';

/** `api/v1`, `apis/apps/v1`: as OpenAPI v3 documents are named. */
const documentPath = (groupVersion: string): string =>
  groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;

/** Tables and OpenAPI documents. A document is made when it is first asked for, and kept. */
export function createPresentation(): Presentation {
  const groupVersions = [...new Set(kinds.map(apiVersionOf))];
  const documents = new Map<string, Promise<Record<string, unknown>>>();

  async function make(groupVersion: string): Promise<Record<string, unknown>> {
    return openApiOf(await loadFieldTypes(), groupVersion);
  }

  return {
    table: tableOf,
    openApiIndex: () => ({
      paths: Object.fromEntries(
        groupVersions.map((groupVersion) => {
          const path = documentPath(groupVersion);
          return [path, { serverRelativeURL: `/openapi/v3/${path}` }];
        }),
      ),
    }),
    openApiDocument: async (groupVersion) => {
      const name = groupVersion.replace(/^apis?\//, '');
      if (!groupVersions.includes(name)) return undefined;
      const document = documents.get(name) ?? make(name);
      documents.set(name, document);
      return document;
    },
  };
}
