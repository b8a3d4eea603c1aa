import { defineConfig } from 'devloop';

export default defineConfig({
  name: 'tasks',
  release: { chart: 'helm', values: ['helm/values-dev.yaml'] },
  services: {
    backend: {
      image: { context: '.', dockerfile: 'apps/backend/Dockerfile', target: 'runtime' },
      values: { image: 'backend.image' },
      ports: [{ local: 4000, remote: 4000 }],
    },
    frontend: {
      image: { context: '.', dockerfile: 'apps/frontend/Dockerfile', target: 'dev' },
      values: { image: 'frontend.image' },
      ports: [{ local: 3000, remote: 3000 }],
    },
  },
});
