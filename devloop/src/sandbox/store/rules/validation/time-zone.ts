const part = /^[A-Za-z.\-_0-9+]{1,14}$/;

/**
 * What is wrong with the time zone of a CronJob, as Kubernetes says it; undefined when nothing is.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/batch/validation/validation.go
 */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string';
  const parts = name.split('/');
  if (parts.some((one) => one === '.' || one === '..' || one.startsWith('-') || !part.test(one))) return unknown(name);
  if (name.toLowerCase() === 'local')
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  return isKnown(name) ? undefined : unknown(name);
}

const unknown = (name: string): string => `unknown time zone ${name}`;

/** Go looks for a file of that name: neither an offset is one, nor a name in other letters. */
function isKnown(name: string): boolean {
  if (name.startsWith('+')) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
