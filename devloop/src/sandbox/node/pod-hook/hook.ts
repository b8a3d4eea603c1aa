/**
 * Runs before every Node.js program in a container of the sandbox (`NODE_OPTIONS=--require`), because containers
 * share this machine's network. It is bundled to one CommonJS file, and must stay small and do no harm: a program that
 * is not in a container is left alone.
 */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { holdLifeline } from './lifeline.ts';
import { patchConnect } from './patch-connect.ts';
import { patchListen } from './patch-listen.ts';
import { createPortClaims } from './port-claims.ts';
import { createRouter } from './route.ts';
import type { HookSettings } from './settings.ts';

const text = process.env['DEVLOOP_SANDBOX'];
if (text) {
  const settings = JSON.parse(text) as HookSettings;
  if (isMainThread) holdLifeline(settings.lifeline);
  patchListen(settings, createPortClaims(settings));
  patchConnect(createRouter(settings, settings.runner !== undefined && process.argv[1] === settings.runner));
}
