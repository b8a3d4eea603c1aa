// node e2e/conformance/run.ts [--target real|sandbox|both] [PART_OF_A_NAME]: what clients see of the two clusters.
import { conformance, type Targets } from './conformance.ts';

const args = process.argv.slice(2);
const option = args.indexOf('--target');
const [, wanted = 'both'] = option === -1 ? [] : args.splice(option, 2);
const targets: Readonly<Record<string, Targets>> = { real: ['real'], sandbox: ['sandbox'], both: ['real', 'sandbox'] };

try {
  const chosen = targets[wanted];
  if (!chosen) throw new Error(`--target is real, sandbox or both, not ${wanted}`);
  const { report, failed } = await conformance(chosen, args[0], (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${report}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
}
