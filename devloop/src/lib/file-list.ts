const filesNamed = 5;

/** File names for one line: the first five, and how many more there are. */
export function fileList(files: readonly string[]): string {
  const more = files.length - filesNamed;
  return `${files.slice(0, filesNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
