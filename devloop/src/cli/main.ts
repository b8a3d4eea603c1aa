#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Of the time until the first frame, half was for compiling: the second start finds that done. Node keeps it in the
// system's folder for temporary files. What is imported statically would be compiled before this line.
enableCompileCache();
const { runCommandLine } = await import('./run-command-line.ts');

process.exitCode = await runCommandLine(process.argv.slice(2));
// What a library left open (a pooled connection, a timer) does not hold the command: its work is done.
process.stdout.write('', () => process.exit());
