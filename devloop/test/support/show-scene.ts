import type { Scene } from './scenes.ts';
import { openScreen, type Screen } from './screen.ts';

/** The dashboard in a scene, on a terminal of this size. */
export async function showScene({ events, keys = [] }: Scene, columns: number, rows: number): Promise<Screen> {
  const screen = await openScreen(columns, rows);
  await screen.replay(events);
  for (const text of keys) await screen.type(text);
  return screen;
}
