import type { Color } from '../lib/paint.ts';
import type { Phase } from './service-summary.ts';

/** How a phase looks beside its word: a glyph that says it without colour too. */
export const phaseLook: Readonly<Record<Phase, { readonly glyph: string; readonly color?: Color }>> = {
  waiting: { glyph: '○' },
  building: { glyph: '◔', color: 'yellow' },
  deploying: { glyph: '◑', color: 'yellow' },
  updating: { glyph: '◐', color: 'yellow' },
  starting: { glyph: '◕', color: 'yellow' },
  ready: { glyph: '●', color: 'green' },
  failed: { glyph: '✗', color: 'red' },
};
