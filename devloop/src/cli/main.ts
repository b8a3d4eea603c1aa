#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// A second start finds the code compiled: the first frame comes some 30 ms earlier. Node keeps it in the system's folder
// for temporary files. What is imported statically would be compiled before this line.
enableCompileCache();
const { runCommandLine } = await import('./run-command-line.ts');

process.exitCode = await runCommandLine(process.argv.slice(2));
// What a library left open (a pooled connection, a timer) does not hold the command: its work is done.
process.stdout.write('', () => process.exit());
