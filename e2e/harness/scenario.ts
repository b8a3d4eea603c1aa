import { type TestContext, test } from 'node:test';
import { unsupported } from '../../helm/test/helm-binaries.ts';
import { clearArtifacts, keepArtifacts } from './artifacts.ts';
import { openClusterStage } from './cluster-stage.ts';
import { type CommandResult, run } from './command.ts';
import { Loop } from './devloop.ts';
import type { Kubectl } from './kubectl.ts';
import { cli } from './paths.ts';
import { ProcessMark } from './processes.ts';
import { openSandboxStage, type SandboxHost } from './sandbox-stage.ts';
import type { Stage } from './stage.ts';
import { type Target, target } from './target.ts';
import type { AppPorts } from './tasks-app.ts';
import { Terminal } from './terminal.ts';
import { hasTool, type ToolName } from './tools.ts';
import type { Workspace } from './workspace.ts';

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeout?: number;
}

/** What a scenario works with: a copy of the project, a namespace of its own, and devloop. */
export class Scenario {
  readonly name: string;
  readonly workspace: Workspace;
  readonly kubectl: Kubectl;
  /** The environment of every devloop of this scenario. */
  readonly env: NodeJS.ProcessEnv;
  /** That of the scenario's own kubectl and helm. */
  readonly toolsEnv: NodeJS.ProcessEnv;
  readonly namespace: string;
  readonly ports: AppPorts;
  readonly #stage: Stage;
  readonly #mark: ProcessMark;
  readonly #loops: Loop[] = [];
  readonly #terminals: Terminal[] = [];
  readonly #runs: string[] = [];

  constructor(name: string, stage: Stage) {
    this.name = name;
    this.#stage = stage;
    this.workspace = stage.workspace;
    this.ports = stage.ports;
    this.kubectl = stage.kubectl;
    this.namespace = stage.kubectl.namespace;
    this.toolsEnv = stage.toolsEnv;
    this.#mark = new ProcessMark();
    this.env = { ...stage.env, ...this.#mark.env };
  }

  /** Starts `devloop up --ui json`. */
  readonly up = (...args: string[]): Loop => {
    const loop = new Loop(['--namespace', this.namespace, ...args], { cwd: this.workspace.folder, env: this.env });
    this.#loops.push(loop);
    return loop;
  };

  /** Runs a devloop command to its end, in this scenario's namespace. */
  readonly devloop = async (words: readonly string[], options: RunOptions = {}): Promise<CommandResult> => {
    const args = [...words, '--namespace', this.namespace];
    const { env = this.env, cwd = this.workspace.folder, timeout = 240_000 } = options;
    const result = await run(process.execPath, [cli, ...args], { cwd, env, timeout });
    const how = result.signal ?? `exit code ${result.code}`;
    this.#runs.push(`$ devloop ${args.join(' ')}\n${result.stdout}${result.stderr}[${how}]\n`);
    return result;
  };

  readonly terminal = async (columns: number, rows: number): Promise<Terminal> => {
    const terminal = await Terminal.open({ cwd: this.workspace.folder, env: this.env, columns, rows });
    this.#terminals.push(terminal);
    return terminal;
  };

  /** Fails when a process that devloop started outlived it; those that are on their way out get two seconds. */
  readonly assertNoProcessLeft = (): Promise<void> => this.#mark.requireNone();

  /** Fails when a loop has printed what is no event. */
  requireEvents(): void {
    for (const loop of this.#loops) loop.requireEvents();
  }

  async keepEvidence(error: unknown): Promise<string> {
    const screens = await Promise.all(this.#terminals.map((terminal) => terminal.screen().catch(String)));
    const texts: Record<string, string> = {
      'failure.txt': error instanceof Error ? `${error.stack}\n` : String(error),
      'commands.txt': this.#runs.join('\n'),
      'processes.txt': (await this.#mark.processes()).join('\n'),
    };
    for (const [index, loop] of this.#loops.entries()) {
      texts[`events-${index + 1}.jsonl`] = loop.events.map((event) => `${JSON.stringify(event)}\n`).join('');
      texts[`stderr-${index + 1}.txt`] = loop.stderr;
    }
    for (const [index, screen] of screens.entries()) texts[`screen-${index + 1}.txt`] = screen;
    return keepArtifacts(this.name, texts, this.kubectl);
  }

  /** Stops all that the scenario started and removes all that it made, without devloop's help. */
  async dispose(): Promise<void> {
    await Promise.all(this.#terminals.map((terminal) => terminal.close()));
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#stage.remove();
  }
}

export interface ScenarioOptions {
  /** The one target that it makes sense on, and why; both when not given. */
  readonly only?: { readonly on: Target; readonly because: string };
  /** Programs that it drives, which a machine may lack. */
  readonly needs?: ToolName;
  /** On the real cluster: with the repository's own ports, rather than those that nobody else uses. */
  readonly asItStands?: boolean;
  /** On the sandbox: who runs it. Default: the scenario, so that a release outlives each devloop. */
  readonly host?: SandboxHost;
  /** A folder of e2e/fixtures: the project, instead of the repository's sample. */
  readonly fixture?: string;
}

/** Milliseconds. */
const longest = 600_000;

// Ended from outside: exit, so that what this process started is ended too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** One scenario: a copy of the project and a namespace of its own; evidence is kept when it fails. It is never retried. */
export function scenario(
  name: string,
  body: (scenario: Scenario) => Promise<void>,
  options: ScenarioOptions = {},
): void {
  test(name, { timeout: longest }, (context) => runScenario(context, body, options));
}

async function runScenario(
  context: TestContext,
  body: (scenario: Scenario) => Promise<void>,
  options: ScenarioOptions,
): Promise<void> {
  const reason = await whyNotHere(options);
  if (reason) return context.skip(reason);
  const slug = context.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  await clearArtifacts(slug);
  const { host = 'scenario' } = options;
  const open = {
    cluster: () => openClusterStage(slug, options),
    sandbox: () => openSandboxStage(slug, { ...options, host }),
  };
  const scenario = new Scenario(slug, await open[target]());
  try {
    await body(scenario);
    scenario.requireEvents();
  } catch (error) {
    context.diagnostic(`evidence: ${await scenario.keepEvidence(error)}`);
    throw error;
  } finally {
    await scenario.dispose();
  }
}

/** Why a scenario is left out on this target and machine; undefined where it runs. */
async function whyNotHere({ only, needs }: ScenarioOptions): Promise<string | undefined> {
  if (only && only.on !== target) return `on the ${only.on} only: ${only.because}`;
  if (target === 'sandbox' && unsupported !== undefined) return unsupported;
  if (needs && !(await hasTool(needs))) return `${needs} is not installed`;
  return undefined;
}
