import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { clearArtifacts, keepArtifacts } from './artifacts.ts';
import { ensureCluster } from './cluster.ts';
import { type CommandResult, run } from './command.ts';
import { Loop } from './devloop.ts';
import { poll } from './http.ts';
import { Kubectl, namespacePrefix } from './kubectl.ts';
import { cli } from './paths.ts';
import { requireFreePorts } from './ports.ts';
import { ProcessMark } from './processes.ts';
import { type AppPorts, ownPorts, repositoryPorts, useOwnPorts } from './tasks-app.ts';
import { Terminal } from './terminal.ts';
import { Workspace } from './workspace.ts';

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
  readonly namespace: string;
  readonly ports: AppPorts;
  readonly #mark: ProcessMark;
  readonly #loops: Loop[] = [];
  readonly #terminals: Terminal[] = [];
  readonly #runs: string[] = [];

  constructor(name: string, workspace: Workspace, ports: AppPorts, kubectl: Kubectl, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.workspace = workspace;
    this.ports = ports;
    this.kubectl = kubectl;
    this.namespace = kubectl.namespace;
    this.#mark = new ProcessMark();
    this.env = { ...env, ...this.#mark.env };
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
  readonly assertNoProcessLeft = async (): Promise<void> => {
    let left: string[] = [];
    const gone = async () => {
      left = await this.#mark.processes();
      return left.length === 0 ? true : undefined;
    };
    await poll('the processes to end', gone, { timeout: 2000 }).catch(() => assert.deepEqual(left, []));
  };

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
    await this.kubectl.deleteNamespace();
    await this.workspace.remove();
  }
}

interface ScenarioOptions {
  /** Runs the repository as it stands, with its own ports; ports that nobody else uses when not given. */
  readonly asItStands?: boolean;
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
  { asItStands = false }: ScenarioOptions,
): Promise<void> {
  const slug = context.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  const cluster = await ensureCluster();
  const kubectl = new Kubectl(cluster.context, `${namespacePrefix}${slug}`, cluster.env);
  await clearArtifacts(slug);
  await kubectl.deleteNamespace();
  const ports = asItStands ? repositoryPorts : ownPorts;
  await requireFreePorts(Object.values(ports));
  const workspace = await Workspace.create();
  if (!asItStands) await useOwnPorts(workspace);
  const scenario = new Scenario(slug, workspace, ports, kubectl, cluster.env);
  try {
    await body(scenario);
  } catch (error) {
    context.diagnostic(`evidence: ${await scenario.keepEvidence(error)}`);
    throw error;
  } finally {
    await scenario.dispose();
  }
}
