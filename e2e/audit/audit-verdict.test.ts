import { describe, expect, it } from '@jest/globals';
import { auditVerdict } from './audit-verdict.ts';

const metadata = { dependencies: { prod: 120 } };
const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata });

describe('the audit of the dependencies', () => {
  it('tells that all is well', () => {
    const text = 'Checked: none of 120 packages has a known vulnerability.';
    expect(auditVerdict(report({}), '')).toEqual({ text, exitCode: 0 });
  });

  it('names what was found, and fails', () => {
    const { text, exitCode } = auditVerdict(
      report({ ws: { severity: 'high', range: '8.0.0 - 8.17.0' }, other: {} }),
      '',
    );
    expect(exitCode).toBe(1);
    expect(text).toContain('2 of 120 packages');
    expect(text).toContain('  high: ws 8.0.0 - 8.17.0\n  unknown: other\n');
  });

  it.each<[string, string, string, string]>([
    [
      'a registry without the service',
      '{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}',
      '',
      '405 Method Not Allowed',
    ],
    ['no network', '{"error":{"code":"ENOTFOUND","summary":"request failed"}}', '', 'request failed'],
    ['only words', '', 'npm warn x\nnpm error audit endpoint returned an error\n', 'audit endpoint returned an error'],
    ['nothing at all', '', '', 'npm audit gave no report'],
    ['something else', '[]', '', 'npm audit gave no report'],
    ['null', 'null', '', 'npm audit gave no report'],
  ])('says that nothing was checked where there is %s', (_, stdout, stderr, why) => {
    const { text, exitCode } = auditVerdict(stdout, stderr);
    expect(text).toBe(`NOT CHECKED: no audit service answered (${why}). Nothing is known of the dependencies.`);
    expect(exitCode).toBe(0);
  });
});
