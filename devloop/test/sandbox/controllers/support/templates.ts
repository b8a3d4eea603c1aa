/** A pod template with a label and an image. */
export const template = (app: string, image = 'web:1', spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image }], terminationGracePeriodSeconds: 30, ...spec },
});

/** A deployment's fields, with Kubernetes' defaults filled in. */
export const deployment = (app: string, replicas: number, spec: object = {}) => ({
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: template(app),
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
  },
});

export const statefulSet = (app: string, replicas: number, spec: object = {}) => ({
  spec: {
    replicas,
    serviceName: app,
    selector: { matchLabels: { app } },
    template: template(app),
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    ...spec,
  },
});

/** A job as it is after admission: with the selector that the API makes. */
export const job = (app: string, spec: object = {}) => ({
  spec: {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    selector: { matchLabels: { app } },
    template: template(app, 'job:1', { restartPolicy: 'Never' }),
    ...spec,
  },
});
