/** What `npm audit` found, as a sentence, and the exit code of `npm run audit`. */
export interface AuditVerdict {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

interface AuditReport {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity?: string; readonly range?: string }>>;
  readonly metadata?: { readonly dependencies?: { readonly prod?: number } };
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

/**
 * Reads what `npm audit --json` has printed.
 *
 * Where no audit service answers (a mirror without one, no network), the exit code is 0: that is no fault of the
 * dependencies, and behind such a mirror each run would fail for good. So that nobody takes it for a check, the text
 * begins with NOT CHECKED.
 */
export function auditVerdict(stdout: string, stderr: string): AuditVerdict {
  const report = reportOf(stdout);
  if (report?.auditReportVersion === undefined) {
    const why = report?.error?.summary || report?.message || firstError(stderr) || 'npm audit gave no report';
    return {
      text: `NOT CHECKED: no audit service answered (${why}). Nothing is known of the dependencies.`,
      exitCode: 0,
    };
  }
  const found = Object.entries(report.vulnerabilities ?? {});
  const count = report.metadata?.dependencies?.prod ?? 0;
  if (found.length === 0) return { text: `Checked: none of ${count} packages has a known vulnerability.`, exitCode: 0 };
  const lines = found.map(([name, { severity = 'unknown', range = '' }]) =>
    `  ${severity}: ${name} ${range}`.trimEnd(),
  );
  return {
    text: [
      `${found.length} of ${count} packages have known vulnerabilities:`,
      ...lines,
      'See `npm audit --omit=dev`.',
    ].join('\n'),
    exitCode: 1,
  };
}

function reportOf(text: string): AuditReport | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const firstError = (stderr: string): string | undefined =>
  stderr
    .split('\n')
    .find((line) => /^npm (error|ERR!)/.test(line))
    ?.replace(/^npm (error|ERR!) /, '');
