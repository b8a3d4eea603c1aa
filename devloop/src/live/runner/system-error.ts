import process from 'node:process';

/** The system's word for an error: `EACCES`, `ENOSPC`; `FAILED` for one that is not the system's. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return /^E[A-Z0-9]+$/.test(code) ? code : 'FAILED';
}

/** What a client is told of an error: the code, and the rest as text. */
export function describeError(error: unknown): [code: string, message: string] {
  const code = codeOf(error);
  const text = (error instanceof Error ? error.message : String(error)).replace(`${code}: `, '');
  const denied = code === 'EACCES' || code === 'EPERM';
  return [code, denied ? `${text}; the container runs as user ${process.getuid?.()}` : text];
}
