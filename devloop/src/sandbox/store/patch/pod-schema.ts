import { always, atomic, listBy, portsBy, type Schema, set, struct, textMap } from './schema.ts';

// The tables here and in kind-schemas.ts are the x-kubernetes-list-type, x-kubernetes-map-type and
// x-kubernetes-patch-* annotations of the OpenAPI document of Kubernetes 1.20, with the lists that came later as
// https://github.com/kubernetes/client-go/blob/v0.35.0/applyconfigurations/internal/internal.go has them.
// A list that is not named is atomic: tolerations, command, args, the rules of an Ingress, the endpoints of a slice.

/** In every object, and in pod templates. */
export const objectMeta: Schema = always({
  labels: textMap,
  annotations: textMap,
  finalizers: set,
  ownerReferences: listBy('uid'),
});

export const resources: Schema = always({ limits: textMap, requests: textMap, claims: listBy('name') });

const containerFields = {
  env: listBy('name'),
  ports: portsBy('containerPort'),
  volumeMounts: listBy('mountPath'),
  volumeDevices: listBy('devicePath'),
  resources,
};

const claimTemplate = struct({
  metadata: objectMeta,
  spec: always({ selector: atomic, resources }),
});

const volumeFields = {
  csi: struct({ volumeAttributes: textMap }),
  flexVolume: struct({ options: textMap }),
  ephemeral: struct({ volumeClaimTemplate: claimTemplate }),
};

const containers = listBy('name', containerFields);

/** The spec of a pod, in a Pod as in every pod template. */
export const podSpec: Schema = always({
  containers: { ...containers, always: true } as Schema,
  initContainers: containers,
  ephemeralContainers: listBy('name', containerFields),
  volumes: listBy('name', volumeFields),
  imagePullSecrets: listBy('name'),
  hostAliases: listBy('ip'),
  topologySpreadConstraints: listBy(['topologyKey', 'whenUnsatisfiable']),
  resourceClaims: listBy('name'),
  schedulingGates: listBy('name'),
  nodeSelector: textMap,
  overhead: textMap,
});

export const podStatus: Schema = always({ conditions: listBy('type'), podIPs: listBy('ip') });

export const podTemplate: Schema = always({ metadata: objectMeta, spec: podSpec });
