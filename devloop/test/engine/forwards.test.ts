import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { bindPorts, createForwards, type Listen } from '../../src/engine/forwards.ts';
import { PodTraffic } from '../../src/engine/pod-traffic.ts';
import { environmentFault } from '../../src/model/errors.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { createFakeKubernetes } from '../fakes/kubernetes.ts';
import { createRecordedStore } from '../fakes/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleProject, sampleService, started, startTime } from '../support/sample.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => server.listening && new Promise((resolve) => server.close(resolve))),
  );
});

/** Binds free ports in place of those that are asked for. */
function createListen(taken: readonly number[] = []) {
  const asked: string[] = [];
  const listen: Listen = async (port, service) => {
    asked.push(`${service}:${port}`);
    if (taken.includes(port))
      throw environmentFault({ title: `Port ${port} for ${service} is taken`, why: 'nginx (pid 7) listens on it' });
    const server = createServer();
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  return { listen, asked };
}

const listening = () =>
  servers.filter((server) => server.listening).map((server) => (server.address() as AddressInfo).port);

describe('bindPorts', () => {
  it('binds every port of the services that take part', async () => {
    const project = sampleProject(['a', 'b', 'c']);
    const services = project.services.map((service) => ({ ...service, active: service.name !== 'b' }));
    const { listen, asked } = createListen();
    const bound = await bindPorts({ ...project, services }, listen);
    expect(asked).toEqual(['a:4000', 'c:4002']);
    expect([...bound.keys()]).toEqual([4000, 4002]);
  });

  it('binds all or none', async () => {
    const { listen } = createListen([4001]);
    await expect(bindPorts(sampleProject(['a', 'b', 'c']), listen)).rejects.toThrow('Port 4001 for b is taken');
    expect(servers).toHaveLength(1);
    expect(listening()).toEqual([]);
  });
});

describe('the forwards of a project', () => {
  function setUp(taken: readonly number[] = []) {
    const clock = createFakeClock(startTime);
    const store = createRecordedStore(clock.now);
    store.dispatch(started());
    const { listen, asked } = createListen(taken);
    return {
      store,
      asked,
      listen,
      forwards: createForwards(createFakeKubernetes(), clock, store, listen, new PodTraffic(clock)),
    };
  }
  const withPorts = (...locals: readonly number[]): ProjectSpec => ({
    ...sampleProject([]),
    services: [{ ...sampleService('backend', 0), ports: locals.map((local) => ({ local, remote: 8080 })) }],
  });

  it('take the listeners that are bound', async () => {
    const { store, asked, listen, forwards } = setUp();
    const project = sampleProject();
    const bound = await bindPorts(project, listen);
    asked.length = 0;
    await forwards.reconcile(project, bound);
    expect(asked).toEqual([]);
    expect(store.of('forward.changed').map(({ forward }) => [forward.service, forward.local, forward.status])).toEqual([
      ['backend', 4000, 'held'],
      ['frontend', 4001, 'held'],
    ]);
    await forwards.close();
    expect(listening()).toEqual([]);
  });

  it('follow the configuration', async () => {
    const { asked, forwards } = setUp();
    await forwards.reconcile(withPorts(4000, 4001));
    await forwards.reconcile(withPorts(4001, 4002));
    expect(asked).toEqual(['backend:4000', 'backend:4001', 'backend:4002']);
    expect(listening()).toHaveLength(2);
    await forwards.close();
    expect(listening()).toEqual([]);
  });

  it('show a port that is taken, and go on with the others', async () => {
    const { store, forwards } = setUp([4000]);
    await forwards.reconcile(withPorts(4000, 4001));
    expect(store.of('forward.changed').map(({ forward }) => forward)).toEqual([
      { service: 'backend', local: 4000, remote: 8080, status: 'failed', why: 'nginx (pid 7) listens on it' },
      { service: 'backend', local: 4001, remote: 8080, status: 'held' },
    ]);
    await forwards.close();
  });

  it('try a port that was taken again with the next configuration', async () => {
    const { asked, forwards } = setUp([4000]);
    await forwards.reconcile(withPorts(4000));
    await forwards.reconcile(withPorts(4000));
    expect(asked).toEqual(['backend:4000', 'backend:4000']);
  });
});
