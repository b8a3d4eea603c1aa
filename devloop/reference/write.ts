// `npm run reference`: writes docs/events.schema.json and docs/events.md from what is described here.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventsPage } from './events-page.ts';
import { eventJsonSchema } from './json-schema.ts';

const docs = path.join(import.meta.dirname, '../../docs');
await writeFile(path.join(docs, 'events.schema.json'), `${JSON.stringify(eventJsonSchema(), null, 2)}\n`);
await writeFile(path.join(docs, 'events.md'), eventsPage());
