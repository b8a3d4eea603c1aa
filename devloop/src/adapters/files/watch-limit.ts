import { watch } from 'node:fs';

/**
 * What has to be said when the system refuses to watch more; undefined for another error. On Linux inotify(7) gives
 * ENOSPC for too many watches of a user and EMFILE for too many instances, or open files.
 */
export function limitText(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOSPC' && code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  const [what, help] =
    code === 'ENOSPC'
      ? ["this user's inotify watches are used up", 'sudo sysctl fs.inotify.max_user_watches=524288']
      : ["this user's inotify instances or open files are used up", openMore];
  return `Not all files can be watched: ${what} (${code}). Until there are more, devloop looks through all of them again and again, which is slower. Raise the limit: ${help}`;
}

const openMore =
  process.platform === 'linux'
    ? 'sudo sysctl fs.inotify.max_user_instances=512, and ulimit -n 65536'
    : 'ulimit -n 65536';

/** Would the system watch one folder more now? */
export function canWatch(folder: string): boolean {
  try {
    watch(folder, { persistent: false }).close();
    return true;
  } catch {
    return false;
  }
}
