// The shell's and the kernel's conventions: 126 and 127 from POSIX sh, 128 + n for a process that signal n ended.
const meanings: Readonly<Record<number, string>> = {
  0: 'it finished; a service should keep running',
  1: 'the app reported an error',
  2: 'wrong usage, or an error of the app',
  126: 'the command is not executable',
  127: 'the command was not found',
  130: 'interrupted (SIGINT)',
  134: 'aborted (SIGABRT)',
  137: 'killed (SIGKILL): out of memory, or it did not end in its grace period',
  139: 'crashed (SIGSEGV)',
  143: 'ended by SIGTERM',
};

/** What an exit code says, in words. */
export function explainExitCode(code: number, reason?: string): string {
  if (reason === 'OOMKilled') return 'killed for using more memory than its limit (OOMKilled)';
  return meanings[code] ?? (code > 128 ? `ended by signal ${code - 128}` : 'an error of the app');
}
