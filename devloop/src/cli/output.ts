/** Writes to standard output; a reader that has gone away (`| head`) ends the command quietly. */
export function write(text: string): void {
  process.stdout.write(text);
}

/** One line to standard error: what is not the command's result. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
