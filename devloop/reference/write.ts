// `npm run reference`: writes what docs/ has of the events and the keys.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventsPage } from './events-page.ts';
import { eventJsonSchema } from './json-schema.ts';
import { keysPage } from './keys-page.ts';

const docs = path.join(import.meta.dirname, '../../docs');
await writeFile(path.join(docs, 'events.schema.json'), `${JSON.stringify(eventJsonSchema(), null, 2)}\n`);
await writeFile(path.join(docs, 'events.md'), eventsPage());
await writeFile(path.join(docs, 'keys.md'), keysPage());
