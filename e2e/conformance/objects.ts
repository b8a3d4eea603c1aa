// The objects that checks are made of. Their containers run what both clusters have: busybox' sh, and node.

export const shell = 'busybox:1.36';
export const node = 'node:24-alpine';

export type Fields = Readonly<Record<string, unknown>>;

/** A container that runs a shell script. */
export const container = (script: string, more: Fields = {}): Fields => ({
  name: 'main',
  image: shell,
  command: ['sh', '-c', script],
  ...more,
});

/** A script that runs until SIGTERM and then ends at once. */
export const forever = 'trap "exit 0" TERM; while true; do sleep 1 & wait $!; done';

/** A pod's spec: no service account's token, and one second of grace, so that it is soon gone. */
export const podSpec = (containers: readonly Fields[], more: Fields = {}): Fields => ({
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 1,
  containers,
  ...more,
});

export const pod = (name: string, containers: readonly Fields[], more: Fields = {}): Fields => ({
  metadata: { name, labels: { app: name } },
  spec: podSpec(containers, more),
});

/** A pod that runs a script once. */
export const onePod = (name: string, script: string, more: Fields = {}): Fields =>
  pod(name, [container(script, more)], { restartPolicy: 'Never' });

export const configMap = (name: string, data: Fields = { key: 'value' }, metadata: Fields = {}): Fields => ({
  metadata: { name, ...metadata },
  data,
});

interface Workload {
  readonly replicas?: number;
  readonly containers?: readonly Fields[];
  /** More of the workload's spec. */
  readonly spec?: Fields;
  /** More of the pod's spec. */
  readonly podSpec?: Fields;
}

/** What Deployments, ReplicaSets, StatefulSets and DaemonSets have in common. */
export const workload = (name: string, { replicas = 1, containers, spec, podSpec: more }: Workload = {}): Fields => ({
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: podSpec(containers ?? [container(forever)], more),
    },
    ...spec,
  },
});

export const service = (name: string, app: string, spec: Fields = {}): Fields => ({
  metadata: { name, labels: { app } },
  spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

/** A container that answers HTTP on 8080 with a text. */
export const web = (text: string, more: Fields = {}): Fields => ({
  name: 'main',
  image: node,
  command: ['node', '-e', `require('http').createServer((q, a) => a.end(${JSON.stringify(text)})).listen(8080)`],
  ports: [{ containerPort: 8080, name: 'http' }],
  ...more,
});

/** What makes a web container Ready only when it answers. */
export const whenItAnswers: Fields = {
  readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
};
