import { defineConfig } from 'devloop';

export default defineConfig({
  name: 'tasks',
  release: { chart: 'helm', values: ['helm/values-dev.yaml'] },
  services: {
    backend: {
      image: { context: '.', dockerfile: 'apps/backend/Dockerfile', target: 'runtime' },
      values: { image: 'backend.image' },
      ports: [{ local: 4000, remote: 4000 }],
      live: { bundle: { entry: 'apps/backend/src/server.ts', to: '/app/server.js' } },
      sandbox: { bundle: 'apps/backend/src/server.ts' },
    },
    frontend: {
      image: { context: '.', dockerfile: 'apps/frontend/Dockerfile', target: 'dev' },
      values: { image: 'frontend.image' },
      ports: [{ local: 3000, remote: 3000 }],
      live: { sync: [{ from: 'apps/frontend', to: '/app/apps/frontend' }] },
      sandbox: {
        folder: 'apps/frontend',
        start: ['next', 'dev', '-p', '3000', '-H', '0.0.0.0'],
        env: { NEXT_TELEMETRY_DISABLED: '1' },
      },
    },
  },
});
