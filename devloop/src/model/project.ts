import type { Keymap } from './keymap/keymap.ts';

/** A port of this machine that leads to a port of a service's pods. */
export interface PortSpec {
  /** On 127.0.0.1 of this machine, 1 to 65535. */
  readonly local: number;
  /** The container's port. */
  readonly remote: number;
}

/** How a service's image is built; paths are absolute. */
export interface ImageSpec {
  readonly context: string;
  readonly dockerfile: string;
  /** The stage to build; the Dockerfile's last one when not given. */
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** The name without a tag. */
  readonly repository: string;
  /** What stands for the image in the sandbox. */
  readonly recipe?: RecipeSpec;
  /** It carries the runner of live updates, whose version this is: a hash of the runner's own files. */
  readonly runner?: string;
}

/** The file that a bundle of an entry becomes, beside which it starts: `server.js` of `src/server.ts`. */
export const bundleName = (entry: string): string => entry.replace(/^.*[\\/]/, '').replace(/\.[cm]?[jt]sx?$/, '.js');

/** How the sandbox makes and starts a service; paths are absolute. */
export interface RecipeSpec {
  /** What esbuild bundles. */
  readonly bundle?: string;
  /** Program and arguments, each. */
  readonly build?: readonly string[];
  readonly start: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What is copied for each build; not given with a bundle alone, which needs no files beside it. */
  readonly folder?: string;
}

/** The bundle of a recipe: the same bytes whether it is made for an image or for a live update. */
export const recipeBundle = (entry: string): BundleSpec => ({ entry, to: bundleName(entry), external: [] });

/** How an edit gets into a service's running containers without a new image; paths of this machine are absolute. */
export interface LiveSpec {
  readonly bundle?: BundleSpec;
  readonly sync: readonly SyncSpec[];
  /** Commands that run in the container, in this order, after files have been written. */
  readonly run: readonly RunSpec[];
  /** The program is started anew after each edit. */
  readonly restart: boolean;
  /** Files that always need an image build: .gitignore patterns, relative to the project's root. */
  readonly rebuild: readonly string[];
}

/** One file that esbuild makes of an entry and all that it imports. */
export interface BundleSpec {
  readonly entry: string;
  /** Its path in the container: absolute, or relative to the folder that the container starts in. */
  readonly to: string;
  /** Packages that are not put into it, as esbuild's `external` takes them. */
  readonly external: readonly string[];
}

/** A file, or a folder with all that is in it. */
export interface SyncSpec {
  readonly from: string;
  /** Its path in the container: absolute, or relative to the folder that the container starts in. */
  readonly to: string;
  /** .gitignore patterns, relative to `from`. */
  readonly ignore: readonly string[];
}

export interface RunSpec {
  /** Program and arguments; no shell. */
  readonly command: readonly string[];
  /** It runs when one of these files has changed: .gitignore patterns, relative to the project's root. */
  readonly when: readonly string[];
}

export interface ServiceSpec {
  readonly name: string;
  /** Not given for a service whose image devloop does not build (a database of the chart). */
  readonly image?: ImageSpec;
  /** Where the chart takes the image: a dotted path to a map with `repository` and `tag`, or to one string. */
  readonly imageValue?: { readonly path: string; readonly shape: 'map' | 'string' };
  /** The Deployment, StatefulSet or DaemonSet that runs it, where the image does not tell. */
  readonly workload?: string;
  readonly ports: readonly PortSpec[];
  /** Not given: each edit makes a new image. */
  readonly live?: LiveSpec;
  /** The release that carries it. */
  readonly release: string;
  /** False when the command line names other services: it is built for its release, but not watched or forwarded. */
  readonly active: boolean;
}

/** One Helm release; paths are absolute. */
export interface ReleaseSpec {
  readonly name: string;
  readonly chart: string;
  readonly values: readonly string[];
  /** `--set-string` values from the config: dotted path to text. */
  readonly set: Readonly<Record<string, string>>;
}

/** A project as resolved from its configuration and the command line. */
export interface ProjectSpec {
  readonly name: string;
  readonly root: string;
  readonly configFile: string;
  /** Files that the configuration was read from; a change of one reloads it. */
  readonly configInputs: readonly string[];
  readonly namespace: string;
  readonly services: readonly ServiceSpec[];
  readonly releases: readonly ReleaseSpec[];
  /** Contexts that are not local but may be used all the same. */
  readonly allowContexts: readonly string[];
  /** Variables whose values are masked wherever they come up, in devloop's own environment and in that of pods. */
  readonly secretEnv: readonly string[];
  /** How many images build at once. */
  readonly parallelBuilds: number;
  readonly watch: WatchSpec;
  readonly ui: UiSpec;
}

export interface UiSpec {
  /** Not given: the default keys. */
  readonly keymap?: Keymap;
  /** What is done when a service fails, and when it recovers. */
  readonly notify: 'off' | 'bell' | 'desktop';
  /** Whether the dashboard takes the mouse from the terminal. */
  readonly mouse: boolean;
}

/** Times in milliseconds. */
export interface WatchSpec {
  /** A batch ends when nothing has changed for this long. */
  readonly rest: number;
  /** A batch ends this long after its first change, even when files still change. */
  readonly max: number;
}
