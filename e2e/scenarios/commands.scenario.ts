import assert from 'node:assert/strict';
import { scenario } from '../harness/scenario.ts';

scenario('plain output in a pipe', async ({ ports, devloop }) => {
  const { code, stdout, stderr } = await devloop(['up', '--once']);
  assert.equal(code, 0, stderr);
  for (const word of [
    'backend',
    'frontend',
    `http://localhost:${ports.backend}`,
    `http://localhost:${ports.frontend}`,
  ]) {
    assert.ok(stdout.includes(word), `${word} in:\n${stdout}`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is what must not be there
  assert.doesNotMatch(stdout, /\x1b/, 'no colours or cursor moves in a pipe');
});

scenario('each phase by itself', async ({ kubectl, devloop }) => {
  const built = await devloop(['build']);
  assert.equal(built.code, 0, built.stderr);
  assert.deepEqual(await kubectl.namespaceExists(), false, 'build touches no cluster object');
  const rendered = await devloop(['render']);
  assert.equal(rendered.code, 0, rendered.stderr);
  assert.equal(rendered.stdout.match(/^kind: Deployment$/gm)?.length, 2);
  assert.equal(await kubectl.namespaceExists(), false, 'render touches no cluster object');
  const deployed = await devloop(['deploy']);
  assert.equal(deployed.code, 0, deployed.stderr);
  await kubectl.run('wait', '--for=condition=Available', 'deployments', '--all', '--timeout=120s');
});

scenario('status, logs and config', async ({ namespace, devloop }) => {
  assert.equal((await devloop(['up', '--once'])).code, 0);

  const status = await devloop(['status', '--json']);
  assert.equal(status.code, 0, status.stderr);
  const services: { name: string; phase: string }[] = JSON.parse(status.stdout).services;
  const phases = services.map(({ name, phase }) => `${name} ${phase}`);
  assert.deepEqual(phases.sort(), ['backend ready', 'frontend ready']);

  const logs = await devloop(['logs', 'backend', '--grep', '"msg":"started"']);
  assert.equal(logs.code, 0, logs.stderr);
  assert.match(logs.stdout, /"port":4000/);
  assert.doesNotMatch(logs.stdout, /"msg":"request"/, 'the others are filtered out');
  const last = await devloop(['logs', '--tail', '1', '--json']);
  const lines: { service: string; text: string }[] = last.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ service }) => service).sort(), ['backend', 'frontend']);

  const config = await devloop(['config', '--json']);
  assert.equal(config.code, 0, config.stderr);
  const project: { namespace: string; services: { name: string }[] } = JSON.parse(config.stdout);
  assert.equal(project.namespace, namespace);
  assert.deepEqual(project.services.map(({ name }) => name).sort(), ['backend', 'frontend']);
});
