/** What the node tells the hook, as JSON in the environment variable `DEVLOOP_SANDBOX`. */
export interface HookSettings {
  /** The folder with `network.json`, and a folder of ports for each pod's address. */
  readonly network: string;
  /** The pod's address; the name of its folder of ports. */
  readonly address: string;
  readonly namespace: string;
  readonly podName: string;
  readonly container: string;
  /** A port on 127.0.0.1 whose connection lives as long as the sandbox does. */
  readonly lifeline: number;
  /** Local ports that stand for a port of the container in its env values: local port to container port. */
  readonly reserved: Readonly<Record<string, number>>;
  /** The runner of live updates, absolute, where one starts the container's program. */
  readonly runner?: string;
}

/** Who listens on a port of a pod: the content of the file `<network>/<address>/<port>`. */
export interface PortClaim {
  /** The real port on 127.0.0.1; 0 while it is being opened. */
  readonly port: number;
  /** True when the program asked for the pod's loopback only. */
  readonly loopback: boolean;
  /** 0 when the node reserved the port, and any process of the container may take it. */
  readonly pid: number;
  readonly container: string;
}

/** `network.json`: what service names and cluster addresses stand for. Services are named `namespace/name`. */
export interface NetworkFile {
  readonly services: Readonly<Record<string, ServiceRoute>>;
}

export interface ServiceRoute {
  /** Undefined for a headless service. */
  readonly clusterIP?: string;
  /** Port of the service to port on 127.0.0.1; 0 when no endpoint is ready. */
  readonly ports: Readonly<Record<string, number>>;
  /** The ready addresses of a headless service, by pod name. */
  readonly addresses?: Readonly<Record<string, string>>;
}
