import type { Client } from './client/client.ts';

/** One thing that clients see: acts in a namespace of its own and gives what it saw. */
export type Check = (client: Client) => Promise<unknown>;

export interface NamedCheck {
  /** `group: what is done`; unique. */
  readonly name: string;
  readonly check: Check;
}

export const group = (name: string, checks: Readonly<Record<string, Check>>): NamedCheck[] =>
  Object.entries(checks).map(([what, check]) => ({ name: `${name}: ${what}`, check }));
