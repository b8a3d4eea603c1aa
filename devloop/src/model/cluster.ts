/** How a local cluster is run; it decides where images are built and how they reach the node. */
export type ClusterKind =
  | 'minikube'
  | 'kind'
  | 'k3d'
  | 'docker-desktop'
  | 'rancher-desktop'
  | 'colima'
  | 'orbstack'
  | 'microk8s'
  /** The embedded one: an API in this process, containers as processes of this machine. */
  | 'sandbox'
  | 'other';

/** The cluster that a run works on. */
export interface ClusterTarget {
  readonly kind: ClusterKind;
  /** The kubeconfig context that every helm and kubectl call names. */
  readonly context: string;
  /** Why this one, in a sentence for the header. */
  readonly why: string;
  /** What docker needs to reach the daemon that builds: DOCKER_HOST and its certificates. Empty: docker's own default. */
  readonly dockerEnv: Readonly<Record<string, string>>;
  /**
   * `shared`: the node runs what the daemon has. `load`: an image has to be carried into the node after the build.
   */
  readonly images: 'shared' | 'load';
  /** Minikube's profile, kind's or k3d's cluster name. */
  readonly profile?: string;
}
