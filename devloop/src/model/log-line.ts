/** One line of output, of a container or of devloop's own work on a service. */
export interface LogLine {
  /** Epoch milliseconds, by the cluster's clock for container lines. */
  readonly at: number;
  readonly service: string;
  readonly source: 'container' | 'previous' | 'build' | 'deploy' | 'devloop' | 'kubernetes';
  readonly pod?: string;
  readonly container?: string;
  readonly text: string;
}
