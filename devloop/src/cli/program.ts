import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { DownOptions } from './commands/down.ts';
import type { LogsOptions } from './commands/logs.ts';
import type { CommonOptions, UpOptions } from './options.ts';

/** Each command's code is loaded when it runs, so that `devloop --version` stays fast. */
export function createProgram(): { run: (args: readonly string[]) => Promise<number> } {
  let code = 0;
  const program = new Command('devloop')
    .description('The inner loop for local Kubernetes: save a file, see it running in the pod.')
    .version(manifest.version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nExit codes: 0 all well; 1 a build, deploy or service failed; 2 usage or configuration;\n3 the environment (no Docker, no cluster, no helm); 130 interrupted.',
    );

  const command = (name: string, description: string) =>
    withCommonOptions(program.command(name).description(description));
  const done = (work: Promise<number>) =>
    work.then((result) => {
      code = result;
    });

  command('up', 'build, deploy, forward and watch; the dashboard. Stays until q or Ctrl-C')
    .argument('[service...]', 'only these are watched and forwarded; default: all')
    .addOption(
      new Option('--ui <kind>', 'dashboard on a terminal, plain elsewhere').choices([
        'dashboard',
        'stream',
        'plain',
        'json',
      ]),
    )
    .option('--once', 'return when all is healthy, or with exit code 1 when a service fails')
    .option('--timeout <seconds>', 'how long --once waits', positiveInteger, 600)
    .action((services: string[], options: UpOptions) =>
      done(import('./commands/up.ts').then(({ up }) => up(services, options))),
    );
  command('down', 'uninstall the releases')
    .option('--delete-namespace', 'also delete the namespace, if devloop made it')
    .action((options: DownOptions) => done(import('./commands/down.ts').then(({ down }) => down(options))));
  command('status', 'one look at the services in the cluster')
    .option('--json', 'as JSON')
    .action((options: CommonOptions) => done(import('./commands/status.ts').then(({ status }) => status(options))));
  command('logs', "the containers' logs")
    .argument('[service...]', 'only these; default: all')
    .option('-f, --follow', 'go on as lines come')
    .option('--since <duration>', 'only lines of the last 90s, 5m, 2h')
    .option('--tail <lines>', 'only the last lines of each container', positiveInteger)
    .option('--grep <regex>', 'only lines that match')
    .option('--previous', 'of the run before the present one')
    .option('--json', 'one JSON object a line')
    .action((services: string[], options: LogsOptions) =>
      done(import('./commands/logs.ts').then(({ logs }) => logs(services, options))),
    );
  command('verify', "compare the running containers' files of live updates with this machine's")
    .argument('[service...]', 'only these; default: all')
    .action((services: string[], options: CommonOptions) =>
      done(import('./commands/verify.ts').then(({ verify }) => verify(services, options))),
    );
  command('build', 'build the images, once')
    .argument('[service...]', 'only these; default: all')
    .action((services: string[], options: CommonOptions) =>
      done(import('./commands/build.ts').then(({ build }) => build(services, options))),
    );
  command('deploy', 'run helm upgrade with the images that are built, once').action((options: CommonOptions) =>
    done(import('./commands/deploy.ts').then(({ deploy }) => deploy(options))),
  );
  command('render', 'print the manifests that a deploy would send').action((options: CommonOptions) =>
    done(import('./commands/render.ts').then(({ render }) => render(options))),
  );
  command('config', 'print the resolved configuration')
    .option('--json', 'as JSON')
    .action((options: CommonOptions) => done(import('./commands/config.ts').then(({ config }) => config(options))));

  return {
    run: async (args) => {
      try {
        await program.parseAsync(args, { from: 'user' });
        return code;
      } catch (error) {
        // Commander has printed what is wrong; help and version are not errors.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        throw error;
      }
    },
  };
}

function withCommonOptions(command: Command): Command {
  return command
    .exitOverride()
    .option('--config <file>', 'the configuration; default: devloop.config.ts here or above')
    .option('--context <name>', 'the kubeconfig context to work on')
    .option('--namespace <name>', "instead of the configuration's")
    .addOption(
      new Option('--cluster <kind>', 'how the cluster is chosen')
        .choices(['auto', 'minikube', 'context', 'sandbox'])
        .default('auto'),
    )
    .option('--profile <name>', 'the Minikube profile')
    .option('--no-color', 'no colours')
    .option('--verbose', 'show each command that is run');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
