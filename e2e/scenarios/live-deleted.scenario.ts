import { output } from '../harness/command.ts';
import { poll, request } from '../harness/http.ts';
import { type LiveApp, liveScenario } from '../harness/live-app.ts';
import { newMarker } from '../harness/tasks-app.ts';

liveScenario('what somebody deletes beside the loop comes back with the next edit', {}, async (app) => {
  const { kubectl, toolsEnv } = app.given;
  const helm = ['uninstall', 'live', '--kube-context', kubectl.context, '--namespace', kubectl.namespace];
  await comesBack(app, () => kubectl.run('delete', 'deployment', 'app'));
  await comesBack(app, () => output('helm', helm, { env: toolsEnv }));
  await comesBack(app, () => kubectl.deleteNamespace());
});

async function comesBack(app: LiveApp, takeAway: () => Promise<unknown>): Promise<void> {
  const from = app.loop.mark();
  await takeAway();
  await app.loop.next('workload.removed', () => true, { from });
  const text = newMarker();
  await app.save('src/text.txt', text);
  // A pod that is about to go may show the text before there is another.
  await app.loop.next('deploy.succeeded', () => true, { from });
  await poll(`the app to show ${text}`, async () => {
    const { body } = await request(app.url);
    return body.trim() === text ? true : undefined;
  });
}
