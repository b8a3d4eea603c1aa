// node e2e/bench/sandbox-process.ts FOLDER: runs a sandbox until its standard input ends, so that what is measured of
// devloop is devloop's alone.
import { once } from 'node:events';
import { hostSandbox } from '../harness/sandbox-host.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder of the sandbox');
const close = await hostSandbox(folder);
process.stdout.write('serves\n');
await once(process.stdin.resume(), 'end');
await close();
