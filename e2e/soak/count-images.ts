import { output } from '../harness/command.ts';
import type { Stage } from '../harness/stage.ts';

/** How many images of the project's services Minikube's daemon has. */
export async function countImages({ env }: Stage): Promise<number> {
  const printed = await output('minikube', ['docker-env', '--shell', 'none'], { env });
  const daemon = Object.fromEntries(
    printed
      .split('\n')
      .flatMap((line) => [...line.matchAll(/^(DOCKER_\w+)=(.*)$/g)])
      .map(([, name, value]) => [name, value]),
  );
  const filters = ['--filter', 'reference=devloop.local/soak/*', '--quiet'];
  const listed = await output('docker', ['image', 'ls', ...filters], { env: { ...env, ...daemon } });
  return listed.split('\n').filter((line) => line !== '').length;
}
