// npm run bench:ui [-- NAME...] [-- --json FILE]: what the dashboard costs and how fast it is, in a pseudo-terminal on the
// sandbox; see docs/benchmark.md for what each NAME measures.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { output } from '../harness/command.ts';
import { root } from '../harness/paths.ts';
import { countFlood } from './ui-count.ts';
import { measureFirstFrame } from './ui-first-frame.ts';
import { measureFlood } from './ui-flood.ts';
import { measureIdle, measureSilence } from './ui-idle.ts';
import { countReport, firstFrameReport, floodReport, idleReport, scrollReport } from './ui-report.ts';
import { measureScroll } from './ui-scroll.ts';

const apart = 'the sandbox in another process';
const inside = 'the sandbox inside';

interface Part {
  /** The single values, for `--json`. */
  readonly values: unknown;
  readonly report: string;
}

const parts: Readonly<Record<string, () => Promise<Part>>> = {
  'first-frame': async () => {
    const values = await measureFirstFrame();
    return { values, report: firstFrameReport(values) };
  },
  scroll: async () => {
    const values = await measureScroll();
    return { values, report: scrollReport(values) };
  },
  idle: async () => {
    const values = {
      silent: await measureSilence(),
      apart: await measureIdle(true),
      inside: await measureIdle(false),
    };
    const report = [
      idleReport(`nothing probed or written, ${apart}`, values.silent),
      idleReport(`the sample, ${apart}`, values.apart),
      idleReport(`the sample, ${inside}`, values.inside),
    ].join('\n');
    return { values, report };
  },
  flood: async () => {
    const values = { apart: await measureFlood(true), inside: await measureFlood(false) };
    return { values, report: `${floodReport(apart, values.apart)}\n\n${floodReport(inside, values.inside)}` };
  },
  count: async () => {
    const values = await countFlood();
    return { values, report: countReport(values) };
  },
};

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
try {
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`Nothing named ${unknown} is measured; there are ${Object.keys(parts).join(', ')}`);
  await output('npm', ['run', '--silent', 'build'], { cwd: root });
  const measured: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const part = await measure();
    process.stdout.write(`${part.report}\n\n`);
    measured[name] = part.values;
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench:ui: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
