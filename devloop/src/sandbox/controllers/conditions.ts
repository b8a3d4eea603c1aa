/** What the conditions of all kinds share. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export const findCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined =>
  conditions?.find((condition) => condition.type === type);

/**
 * The conditions with one put at their end. Nothing changes when status and reason are those that are there, and the
 * time of transition stays when only the reason is new.
 */
export function withCondition<C extends Condition>(conditions: readonly C[] | undefined, next: C): C[] {
  const current = findCondition(conditions, next.type);
  if (current?.status === next.status && current.reason === next.reason) return [...(conditions ?? [])];
  const kept =
    current?.status === next.status && current.lastTransitionTime
      ? { ...next, lastTransitionTime: current.lastTransitionTime }
      : next;
  return [...withoutCondition(conditions, next.type), kept];
}

export const withoutCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);
