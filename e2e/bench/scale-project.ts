import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface ScaleProject {
  readonly services: number;
  readonly replicas: number;
  /** The local port of the first service; each other one has the next. */
  readonly firstPort: number;
  /** Seconds that each container sleeps: its processes are known by it. */
  readonly sleeps: string;
}

export const serviceName = (index: number): string => `svc-${String(index).padStart(3, '0')}`;

/** Writes a project of so many services, each a Deployment and a Service of one chart, that do nothing but run. */
export async function writeScaleProject(folder: string, project: ScaleProject): Promise<void> {
  const names = Array.from({ length: project.services }, (_, index) => serviceName(index));
  const files = {
    'package.json': '{ "type": "module" }\n',
    'app/Dockerfile': 'FROM scratch\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: scale\nversion: 1.0.0\n',
    'chart/values.yaml': JSON.stringify({
      services: Object.fromEntries(names.map((name) => [name, { image: { repository: name, tag: '' } }])),
    }),
    'chart/templates/services.yaml': template(project.replicas),
    'devloop.config.ts': config(names, project),
  };
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

const config = (names: readonly string[], { firstPort, sleeps }: ScaleProject): string => `
const names: string[] = ${JSON.stringify(names)};
export default {
  name: 'scale',
  release: { chart: 'chart' },
  services: Object.fromEntries(
    names.map((name, index) => [
      name,
      {
        image: { context: 'app' },
        values: { image: \`services.\${name}.image\` },
        ports: [{ local: ${firstPort} + index, remote: 8080 }],
        sandbox: { start: ['sleep', '${sleeps}'] },
      },
    ]),
  ),
};
`;

const template = (replicas: number): string => `
{{- range $name, $service := .Values.services }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
spec:
  selector: { app: {{ $name }} }
  ports: [{ name: http, port: 8080, targetPort: http }]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: {{ $name }} }
  template:
    metadata:
      labels: { app: {{ $name }} }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: "{{ $service.image.repository }}:{{ $service.image.tag }}"
          imagePullPolicy: IfNotPresent
          ports: [{ name: http, containerPort: 8080 }]
{{- end }}
`;
