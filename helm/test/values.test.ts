import { describe, expect, it, jest } from '@jest/globals';
import { dev, majors, podOf, render, template } from './chart.ts';
import { unsupported } from './helm-binaries.ts';

if (unsupported !== undefined) console.warn(`chart tests skipped: ${unsupported}`);
const suite = unsupported === undefined ? describe : describe.skip;

jest.setTimeout(60_000);

suite('development values', () => {
  it('make a Secret and have both apps read it', async () => {
    const manifests = await render(...dev);
    const key = Buffer.from('dev-only-api-key').toString('base64');
    expect(manifests.get('Secret/tasks-dev-secrets')).toMatchObject({ type: 'Opaque', data: { API_KEY: key } });
    for (const app of ['backend', 'frontend']) {
      const reference = 'env.0.valueFrom.secretKeyRef.name';
      expect(podOf(manifests, app).container).toHaveProperty(reference, 'tasks-dev-secrets');
    }
  });

  it('make a pod ready on the first tick after it answers', async () => {
    const manifests = await render(...dev);
    for (const app of ['backend', 'frontend']) {
      const { container } = podOf(manifests, app);
      expect(container).not.toHaveProperty('startupProbe');
      expect(container).toHaveProperty('readinessProbe.periodSeconds', 1);
      expect(container).toHaveProperty('readinessProbe.initialDelaySeconds', 0);
    }
  });

  it('let the frontend compile in its own folder, without a mount over it', async () => {
    const { container, spec } = podOf(await render(...dev), 'frontend');
    expect(container).toHaveProperty('securityContext.readOnlyRootFilesystem', false);
    expect(container).toHaveProperty('volumeMounts', [{ name: 'tmp', mountPath: '/tmp' }]);
    expect(spec.volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
    expect(container).toHaveProperty('resources.limits', { cpu: '2000m', memory: '1536Mi' });
  });
});

suite('checksums', () => {
  const checksums = async (app: string, ...args: string[]) => podOf(await render(...args), app).metadata.annotations;

  it('change with the config of the app, and only of that app', async () => {
    const change = ['--set', 'backend.config.message=hello'];
    expect(await checksums('backend', ...change)).not.toEqual(await checksums('backend'));
    expect(await checksums('frontend', ...change)).toEqual(await checksums('frontend'));
  });

  it('change with the API key of a created Secret', async () => {
    const before = await checksums('backend', ...dev);
    const after = await checksums('backend', ...dev, '--set', 'secret.apiKey=another-key');
    expect(after['checksum/secret']).toMatch(/^[0-9a-f]{64}$/);
    expect(after['checksum/secret']).not.toBe(before['checksum/secret']);
    expect(after['checksum/config']).toBe(before['checksum/config']);
  });

  it('leave out a Secret the chart does not see', async () => {
    expect(Object.keys(await checksums('backend'))).toEqual(['checksum/config']);
  });
});

suite('single values', () => {
  it('set the image as devloop does', async () => {
    const args = ['--set-string', 'backend.image.repository=local/backend', '--set-string', 'backend.image.tag=123456'];
    const manifests = await render(...args);
    expect(podOf(manifests, 'backend').container).toMatchObject({
      image: 'local/backend:123456',
      imagePullPolicy: 'IfNotPresent',
    });
    expect(podOf(manifests, 'frontend').container).toHaveProperty('image', 'tasks-frontend:0.1.0');
  });

  it('name another Secret', async () => {
    const { container } = podOf(await render('--set', 'secret.existingSecret=mine'), 'frontend');
    expect(container).toHaveProperty('env.0.valueFrom.secretKeyRef.name', 'mine');
  });

  it('pass the message on as it was written', async () => {
    const manifests = await render('--set-literal', 'backend.config.message=yes: "no" # {{ 1 }}');
    expect(manifests.get('ConfigMap/tasks-backend')?.data).toHaveProperty('APP_MESSAGE', 'yes: "no" # {{ 1 }}');
  });

  it('disable each probe', async () => {
    const kinds = ['startup', 'readiness', 'liveness'];
    const args = kinds.flatMap((kind) => ['--set', `backend.probes.${kind}.enabled=false`]);
    const manifests = await render(...args);
    for (const kind of kinds) {
      expect(podOf(manifests, 'backend').container).not.toHaveProperty(`${kind}Probe`);
      expect(podOf(manifests, 'frontend').container).toHaveProperty(`${kind}Probe`);
    }
  });

  it('shape the volume claim', async () => {
    const settings = 'size=5Gi,backend.persistence.storageClass=fast,backend.persistence.accessMode=ReadWriteMany';
    const manifests = await render('--set', `backend.persistence.${settings}`);
    expect(manifests.get('PersistentVolumeClaim/tasks-backend')?.spec).toEqual({
      accessModes: ['ReadWriteMany'],
      storageClassName: 'fast',
      resources: { requests: { storage: '5Gi' } },
    });
    expect((await render()).get('PersistentVolumeClaim/tasks-backend')?.spec).not.toHaveProperty('storageClassName');
  });

  it.each([
    { set: 'existingClaim=mine', volume: { name: 'data', persistentVolumeClaim: { claimName: 'mine' } } },
    { set: 'enabled=false', volume: { name: 'data', emptyDir: {} } },
  ])('make no claim with persistence.$set', async ({ set, volume }) => {
    const manifests = await render('--set', `backend.persistence.${set}`);
    expect(manifests.has('PersistentVolumeClaim/tasks-backend')).toBe(false);
    expect(podOf(manifests, 'backend').spec.volumes[0]).toEqual(volume);
  });

  it.each(['frontend.service.type=ClusterIP', 'frontend.service.nodePort=null'])(
    'ask for no node port with %s',
    async (set) => {
      const service = (await render('--set', set)).get('Service/tasks-frontend')?.spec;
      expect(service).toHaveProperty('ports.0.port', 3000);
      expect(service).not.toHaveProperty('ports.0.nodePort');
    },
  );

  it('point the frontend at the port of the backend', async () => {
    const manifests = await render('--set', 'backend.service.port=80,backend.containerPort=4100');
    expect(manifests.get('ConfigMap/tasks-frontend')?.data).toHaveProperty('BACKEND_URL', 'http://tasks-backend:80');
    expect(manifests.get('ConfigMap/tasks-backend')?.data).toHaveProperty('PORT', '4100');
    expect(podOf(manifests, 'backend').container).toHaveProperty('ports.0.containerPort', 4100);
  });

  it('write big numbers out', async () => {
    // Numbers of JSON and YAML, unlike those of --set, are floating point: a template would print 2e+06.
    const config = ['--set-json', 'backend.config={"shutdownTimeoutMs":2000000}'];
    const grace = ['--set-json', 'backend.terminationGracePeriodSeconds=1000000'];
    const manifests = await render(...config, ...grace);
    expect(manifests.get('ConfigMap/tasks-backend')?.data).toHaveProperty('SHUTDOWN_TIMEOUT_MS', '2000000');
    expect(podOf(manifests, 'backend').spec).toHaveProperty('terminationGracePeriodSeconds', 1_000_000);
  });

  it('allow the global values of a parent chart', async () => {
    expect(await render('--set', 'global.anything=1')).toEqual(await render());
  });
});

suite.each(majors)('Helm %i refuses', (major) => {
  it.each([
    { why: 'a created Secret without a key', set: 'secret.create=true', message: /apiKey/ },
    { why: 'a short key', set: 'secret.create=true,secret.apiKey=sevenXX', message: /apiKey/ },
    { why: 'no Secret at all', set: 'secret.existingSecret=', message: /existingSecret/ },
    { why: 'an unknown value', set: 'backend.replica=2', message: /replica/ },
    { why: 'an unknown top-level value', set: 'backnd.replicas=2', message: /backnd/ },
    { why: 'an unknown log level', set: 'backend.config.logLevel=loud', message: /logLevel/ },
    { why: 'a probe without a period', set: 'backend.probes.readiness.periodSeconds=0', message: /periodSeconds/ },
    { why: 'an unknown type of Service', set: 'frontend.service.type=Ingress', message: /service.type/ },
    { why: 'a container without a limit', set: 'frontend.resources.limits.memory=null', message: /memory/ },
    { why: 'a tag that YAML took for a number', set: 'backend.image.tag=123', message: /tag/ },
    {
      why: 'a shutdown longer than the grace period',
      set: 'backend.config.shutdownTimeoutMs=30000',
      message: /shutdownTimeoutMs has to be less than backend.terminationGracePeriodSeconds \(30 s\)/,
    },
  ])('$why', async ({ set, message }) => {
    const { code, stderr } = await template(major, '--set', set);
    expect(code).not.toBe(0);
    // Helm 4 writes the path of a value with slashes.
    expect(stderr.replaceAll('/', '.')).toMatch(message);
  });
});
