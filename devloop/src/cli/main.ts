#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// A second start finds the code compiled, beside the command: the first frame comes some 30 ms earlier. Where nobody may
// write there it does without. What is imported statically would be compiled before this line.
enableCompileCache(fileURLToPath(new URL('compile-cache', import.meta.url)));
const { runCommandLine } = await import('./run-command-line.ts');

process.exitCode = await runCommandLine(process.argv.slice(2));
// What a library left open (a pooled connection, a timer) does not hold the command: its work is done.
process.stdout.write('', () => process.exit());
