import type { Command } from '../model/keymap/keymap.ts';

/** What `devloop.config.ts` says. Paths are relative to the folder of that file. */
export interface Config {
  /** The project: lower-case letters, digits and dashes. Names the images, and the release and namespace by default. */
  name: string;
  /** Where it is installed; devloop makes it when it is missing. Default: the project's name. */
  namespace?: string;
  /** The Helm release that carries all services. Give this or `releases`. */
  release?: Release;
  /** Several releases, by name. */
  releases?: Record<string, Release>;
  /** What is built, installed, watched and forwarded, by name. */
  services: Record<string, Service>;
  /**
   * Contexts that are not a local cluster but may be used all the same, when `--context` names them.
   * Default: none.
   */
  allowContexts?: string[];
  /**
   * Names of variables whose values are masked in all that devloop shows and keeps: those of devloop's own environment, of
   * `sandbox.env` and of the pods' specifications. The values of Secrets in the namespace always are. A value of less than
   * 6 characters is not masked. Default: none.
   */
  secretEnv?: string[];
  /** How many images build at once, 1 to 32. Default: 2. */
  parallelBuilds?: number;
  /** When a batch of saved files counts as complete. */
  watch?: {
    /** Milliseconds without a further change. Default: 15. */
    rest?: number;
    /** Milliseconds after the first change, at the most. Default: 500. */
    max?: number;
  };
  /** The dashboard, and how devloop tells what happens. */
  ui?: Ui;
}

export interface Ui {
  /**
   * Other keys for its commands: `{ rebuild: ['B'], quit: ['q', 'ctrl+q'] }`. docs/keys.md has the names of all commands
   * and keys. A key that is given here is taken from the command that has it by default.
   */
  keys?: Partial<Record<Command, string[]>>;
  /**
   * What is done when a service fails, and when it recovers: the terminal's bell, or a notification of the desktop.
   * Default: `off`.
   */
  notify?: 'off' | 'bell' | 'desktop';
  /**
   * The mouse: the wheel scrolls, a click selects, a second one opens. To select text, hold Shift then (Option on macOS).
   * Default: false.
   */
  mouse?: boolean;
}

export interface Release {
  /** The chart's folder. */
  chart: string;
  /** Values files, later ones win. Default: none but the chart's own. */
  values?: string[];
  /** Single values, as `helm --set-string` takes them: `{ 'backend.replicas': '2' }`. */
  set?: Record<string, string>;
  /** The release's name. Default: the project's name, or the key in `releases`. */
  name?: string;
}

export interface Service {
  /** How its image is built. Leave it out for a workload of the chart whose image devloop does not build. */
  image?: Image;
  /** Where the chart takes what devloop makes. */
  values?: {
    /** A dotted path to a map with `repository` and `tag`, or to a string for both. Needed with `image`. */
    image: string;
  };
  /** The Deployment, StatefulSet or DaemonSet that runs it, where no image tells. */
  workload?: string;
  /** Ports of this machine's loopback that lead to its pods. */
  ports?: Port[];
  /** The release that carries it. Needed when `releases` has more than one. */
  release?: string;
  /** How an edit gets into its running containers without a new image. Default: each edit makes a new image. */
  live?: LiveUpdate;
  /** How it runs in the sandbox, which has no Docker. Needed there for each service with an `image`. */
  sandbox?: Recipe;
}

/**
 * Live update: changed files are sent into the running containers. Give `bundle`, or `sync`, or both. A file of the
 * build context that neither covers, or that `rebuild` names, makes a new image. Patterns are those of .gitignore.
 */
export interface LiveUpdate {
  /** One file that esbuild makes on this machine of an entry and all that it imports. */
  bundle?: LiveBundle;
  /** Files and folders that are sent as they are. Default: none. */
  sync?: LiveSync[];
  /** Commands that run in the container, in this order, after the files are there. Default: none. */
  run?: LiveRun[];
  /** Whether the container's program is started anew after each edit. Default: true with `bundle`, else false. */
  restart?: boolean;
  /**
   * Files that always make a new image: patterns relative to the configuration's folder. Default: `package.json`,
   * `package-lock.json`, `npm-shrinkwrap.json`, `yarn.lock` and `pnpm-lock.yaml` of any folder. The Dockerfile and its
   * ignore file always do.
   */
  rebuild?: string[];
}

export interface LiveBundle {
  /** A JavaScript or TypeScript file of the build context. */
  entry: string;
  /** The bundle in the container: an absolute path, or relative to the folder that the container starts in. */
  to: string;
  /** Packages that stay out of it, and that the image has, as esbuild's `external` takes them. Default: none. */
  external?: string[];
}

export interface LiveSync {
  /** A file or folder of the build context. */
  from: string;
  /** Its place in the container: an absolute path, or relative to the folder that the container starts in. */
  to: string;
  /** What of the folder is not sent: patterns relative to `from`. Default: nothing. */
  ignore?: string[];
}

export interface LiveRun {
  /** Program and arguments; no shell. */
  command: string[];
  /** It runs when one of these files has changed: patterns relative to the configuration's folder. */
  when: string[];
}

/** What stands for an image in the sandbox: a program of this machine. Give `bundle`, or `start`, or both. */
export interface Recipe {
  /**
   * A JavaScript or TypeScript file that esbuild puts, with all that it imports, into one file for Node. An edit of it
   * runs in the pod without a new pod.
   */
  bundle?: string;
  /** Program and arguments that build it, in a copy of `folder`: `['npm', 'run', 'build']`. Default: nothing is built. */
  build?: string[];
  /** Program and arguments that start it there. Default: `node` with the bundle. */
  start?: string[];
  /** Variables that it starts with, as `ENV` gives an image; what the pod's spec says comes over them. Never a secret. */
  env?: Record<string, string>;
  /** What is copied for each build, as far as the image's ignore file leaves it. Default: the image's context. */
  folder?: string;
}

export interface Image {
  /** The build context. Its `.dockerignore`, or the Dockerfile's own, is honoured. */
  context: string;
  /** Default: `Dockerfile` in the context. */
  dockerfile?: string;
  /** The stage to build. Default: the last one. */
  target?: string;
  /** `--build-arg`s. They show in the image's history: never a secret. */
  args?: Record<string, string>;
}

export interface Port {
  /** The port on 127.0.0.1 of this machine. */
  local: number;
  /** The container's port. */
  remote: number;
}

/** Types a configuration: `export default defineConfig({ ... })`. It returns its argument. */
export const defineConfig = (config: Config): Config => config;
