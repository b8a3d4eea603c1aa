/**
 * Loaded by Node before the program (`NODE_OPTIONS=--require`) in a process that stands by: Node has started, and the
 * program's packages are loaded. It stops here, until the runner says that it is this process's turn. It is bundled to
 * one CommonJS file, and leaves nothing behind that the program could see.
 */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { StandbyOrder } from './standby.ts';

const text = process.env['DEVLOOP_STANDBY'];
if (text) {
  delete process.env['DEVLOOP_STANDBY'];
  const { options, ahead } = JSON.parse(text) as StandbyOrder;
  // The programs that this one starts are not to stand by.
  if (options === null) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = options;
  if (ahead) {
    try {
      const { loadAll } = require(path.resolve(ahead)) as { loadAll?: () => void };
      loadAll?.();
    } catch {
      // What is wrong with it the program itself will say.
    }
  }
  // An ES module that imports node:http has all its exports read, and some of these load a whole client: 35 ms.
  Object.values(http);
  collectGarbage();
  const turn = Buffer.alloc(1);
  // Nothing comes when the runner has ended.
  if (fs.readSync(3, turn) === 0) process.exit(0);
  fs.closeSync(3);
}

/** What loading has left is thrown away now, and not in the middle of the program's start. */
function collectGarbage(): void {
  // The program's own options may ask for it: then it stays as it is.
  if (globalThis.gc) return void globalThis.gc();
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
  v8.setFlagsFromString('--no-expose-gc');
}
