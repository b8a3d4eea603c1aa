import { z } from 'zod';
import { count, duration, flag, maybe, shape, text, texts, time, word } from './fields.ts';

// What several events carry, in the order of model/.

export const problem = shape('Problem', 'What failed, why, and what to do.', {
  title: text('What failed, in one line'),
  why: text('Why, in one line or a few'),
  fix: maybe(text('The next step; a command that can be pasted where there is one')),
  evidence: maybe(texts("Output that proves it: a compiler's errors, a container's last lines")),
});

export const cluster = shape('Cluster', 'The cluster that the loop works on.', {
  context: text('The kubeconfig context'),
  kind: text('`minikube`, `kind`, `sandbox`, …'),
  why: text('Why it was chosen'),
});

export const project = shape('Project', 'The project, without its files and values.', {
  name: text("The project's name"),
  namespace: text('The namespace that it is installed in'),
  releases: texts('The names of its Helm releases'),
  services: z
    .array(
      shape('ProjectService', 'A service of the configuration.', {
        name: text("The service's name"),
        release: text('The release that carries it'),
        ports: z
          .array(
            shape('Port', "A port of this machine that leads to a port of the service's pods.", {
              local: count('On 127.0.0.1 of this machine', 1),
              remote: count("The container's port", 1),
            }),
          )
          .describe('What is forwarded'),
      }),
    )
    .describe('Its services, in the order of the configuration'),
});

export const buildStep = shape('BuildStep', 'One step of an image build as BuildKit reports it.', {
  id: text('The same for all reports of one step'),
  name: text("The step in BuildKit's words: `[build 4/5] RUN npm ci`"),
  status: word(['running', 'done', 'cached', 'failed'], '`cached`: its result was there, it did not run'),
  ms: maybe(duration('How long it took, once it has ended')),
});

const imageFields = {
  repository: text("The image's name without its tag"),
  tag: text('A hash of what it was built from'),
  edit: count('The edit whose content it holds'),
  times: maybe(
    z
      .strictObject({
        changed: time('When the first file of its edit changed'),
        seen: time('When the edit was complete'),
        built: time('When the image was there'),
      })
      .describe('The times of its edit'),
  ),
};

export const builtImage = shape('Image', "An image in the cluster's daemon.", imageFields);

export const deployedImage = shape('DeployedImage', 'The image that a deploy set for a service.', {
  service: text('The service'),
  ...imageFields,
});

export const greenRevision = shape('GreenRevision', 'What was deployed while all of a release was ready.', {
  revision: count("Helm's revision"),
  images: z.array(deployedImage).describe('The images that it was deployed with'),
  chart: text('A hash of the chart and its values, without the images'),
  edit: count('The edit that it holds'),
});

export const podUpdate = shape('PodUpdate', 'How far a pod is with the live updates of its service.', {
  status: word(
    ['connecting', 'updating', 'restarting', 'current', 'failed'],
    '`connecting`: its container was started anew, and nothing has been sent to it yet; `updating`: it gets files, and its program still answers; `restarting`: its program is started anew; `failed`: see `problem`',
  ),
  edit: count('The edit that it runs'),
  problem: maybe(problem),
});

export const command = shape('Command', 'A run of an outside program; secrets are masked.', {
  id: count('The same when it starts and when it ends'),
  line: text('A line that can be pasted into a shell'),
  cwd: maybe(text("The folder that it runs in, where that is not devloop's own; absolute")),
  about: maybe(
    z
      .union([
        z.strictObject({ image: text('An image, repository:tag') }),
        z.strictObject({ release: text('A Helm release') }),
        z.strictObject({ service: text('A service') }),
        z.strictObject({ pod: text("A pod's name") }),
      ])
      .describe('What it is for; not given for what is for the loop as a whole'),
  ),
  startedAt: time('When it started'),
  ms: maybe(duration('How long it ran, once it has ended')),
  exitCode: maybe(z.int().describe('Its exit code, once it has ended')),
});

export const forward = shape('Forward', "A port of this machine that leads to a service's pods.", {
  service: text('The service'),
  local: count('The port on 127.0.0.1', 1),
  remote: count("The container's port", 1),
  status: word(['held', 'ready', 'failed'], '`held`: it listens, and connections wait for a ready pod'),
  pod: maybe(text('The pod that the next connection goes to')),
  why: maybe(text('Why it failed or is held')),
});

const probeKind = word(['startup', 'readiness', 'liveness'], 'Which of the three probes');

const probe = shape('Probe', 'An HTTP or TCP probe as the pod declares it.', {
  kind: probeKind,
  container: text('The container that it asks'),
  action: z
    .union([
      z.strictObject({
        type: z.literal('http').describe('It asks for a page'),
        scheme: text('`HTTP` or `HTTPS`'),
        path: text('The path of the page'),
      }),
      z.strictObject({ type: z.literal('tcp').describe('It opens a connection') }),
    ])
    .describe('What it does'),
  port: count("The container's port"),
  period: duration('From one run to the next'),
  timeout: duration('How long an answer may take'),
  failureThreshold: count('How many failures in a row make it fail'),
  initialDelay: duration("From the container's start to the first run"),
});

const container = shape('Container', 'A container of a pod.', {
  name: text("The container's name"),
  image: text('repository:tag'),
  init: flag("It is an init container: the app's containers wait for it"),
  ownCommand: maybe(flag("Its spec has a `command`, which takes the place of the image's entrypoint")),
  state: word(['waiting', 'running', 'terminated'], "Kubernetes' container state"),
  reason: maybe(text("Kubernetes' word for a waiting or terminated state: `CrashLoopBackOff`, `OOMKilled`")),
  message: maybe(text("Kubernetes' words on it")),
  exitCode: maybe(z.int().describe('Of a terminated state')),
  startedAt: maybe(time('When it started')),
  ready: flag('It is ready'),
  restarts: count('How often it was started anew'),
  limits: maybe(
    z
      .strictObject({
        cpu: maybe(z.number().describe('Thousandths of a core')),
        memory: maybe(z.number().describe('Bytes')),
      })
      .describe('What its spec allows it to use'),
  ),
  last: maybe(
    z
      .strictObject({
        exitCode: z.int().describe('Its exit code'),
        reason: text("Kubernetes' word for it: `Error`, `OOMKilled`"),
        finishedAt: maybe(time('When it ended')),
      })
      .describe('How the run before this one ended'),
  ),
});

export const pod = shape('Pod', 'A pod of a release.', {
  uid: text("Kubernetes' uid: it stays when the name is used again"),
  name: text("The pod's name"),
  namespace: text('Its namespace'),
  node: maybe(text('The node that runs it, once one is chosen')),
  service: text('The service that it runs, or the name of its workload when the configuration names none'),
  release: text('The release that it belongs to'),
  workload: z
    .strictObject({ kind: text('`Deployment`, `StatefulSet`, …'), name: text('Its name') })
    .describe('What made the pod'),
  createdAt: time('When it was made'),
  phase: text("Kubernetes' pod phase. A crash loop's is `Running`: look at the containers"),
  ready: flag('All its containers are ready'),
  readySince: maybe(time('Since when `ready` is what it is, in whole seconds')),
  deleting: flag('It is ending'),
  current: flag('It runs the newest template of its workload; false for a pod that a rollout is replacing'),
  containers: z.array(container).describe('Its containers, init containers first'),
  probes: z.array(probe).describe('The probes that it declares'),
  unschedulable: maybe(text('Why the scheduler has not placed it, when it has not')),
});

export const podUsage = shape(
  'PodUsage',
  'What a pod used at one moment. A figure stays as it is while the real one comes no further from it than 3 thousandths of a core, 1 MB or 1 %.',
  {
    uid: text("The pod's uid"),
    cpu: maybe(z.number().describe('Thousandths of a core')),
    memory: maybe(z.number().describe('Bytes of its working set, which is what a limit is held against')),
  },
);

export const workload = shape('Workload', 'A Deployment, StatefulSet or DaemonSet of a release.', {
  uid: text("Kubernetes' uid"),
  kind: text('`Deployment`, `StatefulSet` or `DaemonSet`'),
  name: text('Its name'),
  release: text('The release that it belongs to'),
  service: text('The service that it runs, or its own name when the configuration names none'),
  replicas: count('Pods wanted'),
  observed: flag('The controller has seen the newest spec'),
  updated: count('Pods that run the newest spec'),
  complaint: maybe(text("The controller's own complaint: a quota, forbidden, a deadline")),
});

export const probeResult = shape(
  'ProbeResult',
  "One run of a pod's own probe, or a failure that the kubelet reported.",
  {
    pod: text("The pod's name"),
    uid: text("The pod's uid"),
    service: text('The service'),
    container: text('The container'),
    kind: probeKind,
    ok: flag('It passed'),
    code: maybe(z.int().describe('The HTTP status, where one came')),
    latency: duration('How long the answer took'),
    detail: maybe(text("Why it failed, or the start of the answer's body")),
    from: word(['devloop', 'kubelet'], 'Who ran it'),
    at: time('When it was run'),
  },
);

export const kubernetesEvent = shape('KubernetesEvent', 'A Kubernetes Event about an object of the release.', {
  uid: text("The Event's uid: the same when it is counted up"),
  type: word(['Normal', 'Warning'], "Kubernetes' own type"),
  reason: text("Kubernetes' word for it: `FailedMount`"),
  message: text('The message'),
  object: z.strictObject({ kind: text('Its kind'), name: text('Its name') }).describe('What it is about'),
  container: maybe(text('The container of the pod, where it is about one')),
  service: text('The service'),
  count: count('How often it has happened'),
  at: time('When it happened last'),
});

export const editTiming = shape('EditTiming', 'Where the time of one edit went; the parts add up to `total`.', {
  watch: duration('From the change of the first file until the edit was complete'),
  build: duration('Until the image, or the files for the running pods, were made'),
  deploy: duration('Until the cluster, or the first pod, had them'),
  ready: duration('Until a ready pod answered with the edit'),
  total: duration('From the change to the answer'),
});

export const logLine = shape('LogLine', "A line of output, of a container or of devloop's own work on a service.", {
  at: time("When it was written, by the cluster's clock for lines of containers"),
  service: text('The service'),
  source: word(
    ['container', 'previous', 'build', 'deploy', 'devloop', 'kubernetes'],
    '`previous`: the run of the container before the present one; `build`: the output of an image build',
  ),
  pod: maybe(text('The pod, of a line of a container')),
  container: maybe(text('The container')),
  text: text('As it was written, with its control characters'),
});
