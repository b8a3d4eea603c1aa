import type { LiveChange } from '../engine/outside.ts';
import { encodeLine } from '../lib/shell-words.ts';

/** How a change is asked of a runner. @param id of the request */
export function changeRequest(id: string, change: LiveChange): Buffer[] {
  switch (change.kind) {
    case 'file': {
      const { buffer, byteOffset, byteLength } = change.content;
      const head = encodeLine([id, 'file', change.mode.toString(8), byteLength, change.path]);
      return [head, Buffer.from(buffer, byteOffset, byteLength)];
    }
    case 'link':
      return [encodeLine([id, 'link', change.path, change.target])];
    case 'delete':
      return [encodeLine([id, 'delete', change.path])];
  }
}
