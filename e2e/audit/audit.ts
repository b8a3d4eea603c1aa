// `npm run audit`: are vulnerabilities known of the packages that devloop ships with? Needs the network, so `npm test` has
// no part of it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { auditVerdict } from './audit-verdict.ts';

const cwd = path.join(import.meta.dirname, '../..');
const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd,
  encoding: 'utf8',
  timeout: 120_000,
});
const { text, exitCode } = auditVerdict(stdout ?? '', stderr ?? '');
console.log(text);
process.exitCode = exitCode;
