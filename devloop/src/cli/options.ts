import type { ClusterChoice } from './choose-cluster.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly cluster: ClusterChoice;
  readonly profile?: string;
  readonly color: boolean;
  readonly verbose?: boolean;
}

export type UiChoice = 'dashboard' | 'stream' | 'plain' | 'json';

export interface UpOptions extends CommonOptions {
  readonly ui?: UiChoice;
  readonly once?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Colour on a terminal only, and never against NO_COLOR (https://no-color.org) or --no-color. */
export const wantsColor = (options: CommonOptions): boolean =>
  options.color && process.stdout.isTTY === true && !process.env['NO_COLOR'];

/** Does GitHub Actions read the output? https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
export const onGithubActions = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';
