/**
 * Replaces `$(NAME)` in a text of the spec; `$$` is one `$`, and a name that is not known stays as it is.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/third_party/forked/golang/expansion/expand.go
 */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, next: string, name: string | undefined) => {
    if (next === '$') return '$';
    return name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? '') : whole;
  });
}
