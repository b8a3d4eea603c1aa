import path from 'node:path';

/** By what the editors' own documentation and sources call them. */
const names: readonly RegExp[] = [
  // vim: swap files, the file that it tries a folder with; kate.
  /^\..*\.sw[a-px]$/,
  /^4913$/,
  /^\..*\.kate-swp$/,
  // Backups of vim and emacs, and of others after them.
  /.~$/,
  // emacs: the link that locks a file, and what it saves by itself.
  /^\.#./,
  /^#.+#$/,
  // JetBrains' safe write.
  /___jb_(tmp|old)___$/,
  // GLib's (gedit, GNOME), Sublime Text's and macOS' atomic saves.
  /^\.goutputstream-\w+$/,
  /^\.subl\w+\.tmp$/,
  /\.sb-[0-9a-f]{8}-\w+$/,
];

/** Is it a file that an editor keeps beside the one that is edited, for a while? Nothing in it is an edit. */
export function isEditorFile(file: string): boolean {
  const name = path.basename(file);
  return names.some((pattern) => pattern.test(name));
}
