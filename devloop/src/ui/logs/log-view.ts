/** What the user has chosen to see of the logs. */
export interface LogView {
  readonly scope: 'all' | 'selected';
  readonly filter: string;
  readonly typing: boolean;
  readonly timestamps: boolean;
  readonly wrap: boolean;
  readonly bottom?: number;
}
export const initialLogs: LogView = { scope: 'all', filter: '', typing: false, timestamps: false, wrap: false };
export const logBack = (view: LogView): LogView | undefined =>
  view.typing || view.filter !== '' ? { ...view, typing: false, filter: '' } : undefined;
export function frozenAt(view: LogView, bottom: number | undefined): LogView {
  const { bottom: _, ...following } = view;
  return bottom === undefined ? following : { ...following, bottom };
}
