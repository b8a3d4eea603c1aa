import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import { dev, helm, lint, majors, podOf, render, template } from './chart.ts';
import { helmBinary, kubectlBinary, unsupported } from './helm-binaries.ts';

if (unsupported !== undefined) console.warn(`chart tests skipped: ${unsupported}`);
const suite = unsupported === undefined ? describe : describe.skip;

// The first test unpacks Helm, on a machine that may be busy.
jest.setTimeout(60_000);

const apps = ['backend', 'frontend'];
const modes = [
  { name: 'default', args: [] },
  { name: 'development', args: dev },
];

suite.each(majors)('Helm %i', (major) => {
  it('is what the npm package is named for', async () => {
    expect((await helm(major, 'version', '--short')).stdout).toMatch(new RegExp(`^v${major}\\.`));
    expect(await helmBinary(major)).toContain(`helm${major}`);
  });

  it.each(modes)('lints the $name values without a warning', async ({ args }) => {
    const result = await lint(major, ...args);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('0 chart(s) failed') });
    expect(result.stdout).not.toMatch(/WARNING|ERROR/);
  });
});

suite('kubectl', () => {
  it('comes along', async () => {
    const { stdout } = await promisify(execFile)(await kubectlBinary(), ['version', '--client']);
    expect(stdout).toContain('Client Version: v1.');
  });
});

suite('both Helms', () => {
  it.each(modes)('render the same from the $name values', async ({ args }) => {
    const [three, four] = await Promise.all(majors.map((major) => template(major, ...args)));
    expect(three).toMatchObject({ code: 0, stdout: expect.stringContaining('kind: Deployment') });
    expect(four?.stdout).toBe(three?.stdout);
  });
});

suite('default values', () => {
  it('render these objects and no other', async () => {
    const names = [...(await render()).keys()].sort();
    expect(names).toEqual([
      'ConfigMap/tasks-backend',
      'ConfigMap/tasks-frontend',
      'Deployment/tasks-backend',
      'Deployment/tasks-frontend',
      'PersistentVolumeClaim/tasks-backend',
      'Service/tasks-backend',
      'Service/tasks-frontend',
      'ServiceAccount/tasks',
    ]);
  });

  it('limit what the apps may use', async () => {
    const manifests = await render();
    expect(podOf(manifests, 'frontend').container).toHaveProperty('resources.limits', { cpu: '500m', memory: '512Mi' });
    expect(podOf(manifests, 'backend').container).toHaveProperty('resources.limits', { cpu: '1000m', memory: '1Gi' });
  });

  it('open the frontend at node port 30000 and the backend inside the cluster only', async () => {
    const manifests = await render();
    expect(manifests.get('Service/tasks-frontend')?.spec).toMatchObject({
      type: 'NodePort',
      ports: [{ port: 3000, targetPort: 'http', nodePort: 30000 }],
    });
    const backend = manifests.get('Service/tasks-backend')?.spec;
    expect(backend).toMatchObject({ type: 'ClusterIP', ports: [{ port: 4000, targetPort: 'http' }] });
    expect(backend).not.toHaveProperty('ports.0.nodePort');
  });

  it('configure the apps', async () => {
    const manifests = await render();
    expect(manifests.get('ConfigMap/tasks-backend')?.data).toEqual({
      PORT: '4000',
      DATABASE_PATH: '/data/tasks.db',
      LOG_LEVEL: 'info',
      SHUTDOWN_TIMEOUT_MS: '10000',
    });
    expect(manifests.get('ConfigMap/tasks-frontend')?.data).toEqual({
      PORT: '3000',
      HOSTNAME: '0.0.0.0',
      BACKEND_URL: 'http://tasks-backend:4000',
      NEXT_TELEMETRY_DISABLED: '1',
    });
    for (const app of apps) {
      expect(podOf(manifests, app).container).toMatchObject({
        envFrom: [{ configMapRef: { name: `tasks-${app}` } }],
        env: [{ name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'tasks-secrets', key: 'API_KEY' } } }],
      });
    }
  });

  it('harden the pods', async () => {
    const manifests = await render();
    for (const app of apps) {
      const { spec, container } = podOf(manifests, app);
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1001,
          runAsGroup: 1001,
          fsGroup: 1001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(container).toHaveProperty('securityContext', {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('give a read-only container the places it writes to', async () => {
    const manifests = await render();
    expect(podOf(manifests, 'backend').spec.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'tasks-backend' } },
      { name: 'tmp', emptyDir: {} },
    ]);
    expect(podOf(manifests, 'backend').container).toHaveProperty('volumeMounts', [
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
    expect(podOf(manifests, 'frontend').container).toHaveProperty('volumeMounts', [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'cache', mountPath: '/app/apps/frontend/.next/cache' },
    ]);
  });

  it('probe both apps at the right paths', async () => {
    const manifests = await render();
    for (const app of apps) {
      expect(podOf(manifests, app).container).toMatchObject({
        ports: [{ name: 'http', containerPort: app === 'backend' ? 4000 : 3000 }],
        startupProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 2, failureThreshold: 30 },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
      });
    }
  });

  it('replace a pod only when the next one is ready', async () => {
    const manifests = await render();
    for (const app of apps) {
      expect(manifests.get(`Deployment/tasks-${app}`)?.spec).toMatchObject({
        replicas: 1,
        revisionHistoryLimit: 3,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: { spec: { terminationGracePeriodSeconds: 30 } },
      });
      expect(podOf(manifests, app).container).not.toHaveProperty('lifecycle');
    }
  });

  it('label every object, and select pods by labels that never change', async () => {
    const manifests = await render();
    for (const { metadata } of manifests.values()) {
      expect(metadata.labels).toEqual({
        'app.kubernetes.io/name': 'tasks',
        'app.kubernetes.io/instance': 'tasks',
        'app.kubernetes.io/component': expect.stringMatching(/^(backend|frontend|shared)$/),
        'app.kubernetes.io/part-of': 'tasks',
        'app.kubernetes.io/version': '0.1.0',
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'tasks-0.1.0',
      });
    }
    for (const app of apps) {
      const selector = {
        'app.kubernetes.io/name': 'tasks',
        'app.kubernetes.io/instance': 'tasks',
        'app.kubernetes.io/component': app,
      };
      expect(manifests.get(`Deployment/tasks-${app}`)?.spec).toHaveProperty('selector', { matchLabels: selector });
      expect(manifests.get(`Service/tasks-${app}`)?.spec).toHaveProperty('selector', selector);
      expect(podOf(manifests, app).metadata.labels).toEqual({ ...selector, 'app.kubernetes.io/part-of': 'tasks' });
    }
  });

  it('name the protocol of every port, which server-side apply needs', async () => {
    const manifests = await render();
    const ports = [expect.objectContaining({ name: 'http', protocol: 'TCP' })];
    for (const app of apps) {
      expect(podOf(manifests, app).container).toHaveProperty('ports', ports);
      expect(manifests.get(`Service/tasks-${app}`)?.spec).toHaveProperty('ports', ports);
    }
  });
});
