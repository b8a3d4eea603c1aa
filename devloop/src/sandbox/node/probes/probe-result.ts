/** What one probe said. */
export interface ProbeResult {
  readonly success: boolean;
  /** What was wrong, as the event says it; empty for a success. */
  readonly output: string;
}

export const passed: ProbeResult = { success: true, output: '' };
export const failed = (output: string): ProbeResult => ({ success: false, output });
