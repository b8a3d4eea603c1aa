import { fitSpans, type Span, span, spansWidth } from '../../lib/spans.ts';
import { parseFilter } from './log-filter.ts';
import type { ShownLogs } from './log-index.ts';
import type { LogView } from './log-view.ts';
import { podSuffix } from './origin-label.ts';

interface TitleParts {
  readonly view: LogView;
  readonly selected: string | undefined;
  readonly shown: ShownLogs;
  /** Entries after the last one that shows. */
  readonly below: number;
  /** What makes them follow; undefined where no key does. */
  readonly followKey: string | undefined;
}

/** The rule above the logs: whose they are, what of them shows, and whether they follow. What matters least gives way. */
export function titleSpans(parts: TitleParts, columns: number): Span[] {
  const { view, selected } = parts;
  const scope = scopeText(view, selected);
  const left = [span('── '), span(`logs of ${scope}`, { bold: true }), ...filterSpans(parts, 'regex ')];
  const leastLeft = [span('── '), span(scope, { bold: true }), ...filterSpans(parts, '')];
  const chips = chipTexts(view).map((text) => span(`  ${text}`, { color: 'cyan' }));
  const [right, leastRight] = rightSpans(parts);
  const variants = [
    { left: [...left, ...chips], right },
    ...chips.map((_, index) => ({ left: [...left, ...chips.slice(0, chips.length - index)], right: leastRight })),
    { left, right: leastRight },
  ];
  const fitting = variants.find((one) => spansWidth(one.left) + spansWidth(one.right) + 2 <= columns);
  const chosen = fitting ?? { left: fitSpans(leastLeft, columns - spansWidth(leastRight) - 2), right: leastRight };
  const rule = Math.max(1, columns - spansWidth(chosen.left) - spansWidth(chosen.right) - 1);
  return [...chosen.left, span(' '), span('─'.repeat(rule), { dim: true }), ...chosen.right];
}

/** `all`, `backend`, or of that one pod and container: `backend/x7k2p/app`. */
function scopeText({ scope, narrowed }: LogView, selected: string | undefined): string {
  if (scope === 'all' || selected === undefined) return 'all';
  if (narrowed?.service !== selected) return selected;
  const { pod, container } = narrowed;
  return [selected, pod === undefined ? '*' : podSuffix(pod), ...(container === undefined ? [] : [container])].join(
    '/',
  );
}

/** What is not as usual, in the order of how much of the logs it hides. */
function chipTexts({ typing, filter, mode, levels, since, cleared, raw }: LogView): string[] {
  const problem = parseFilter(filter)?.problem;
  return [
    ...(typing ? ['Enter keeps, Esc clears'] : []),
    ...(problem ? [`taken as text: ${problem.toLowerCase()}`] : []),
    ...(levels === 'warnings' ? ['warnings and errors'] : []),
    ...(since ? [`last ${since.minutes} min`] : []),
    ...(cleared ? ['cleared'] : []),
    ...(filter !== '' && mode === 'all' ? ['all lines'] : []),
    ...(raw ? ['raw'] : []),
  ];
}

function filterSpans({ view, shown }: TitleParts, regex: string): Span[] {
  const { typing, filter } = view;
  if (!typing && filter === '') return [];
  return [
    span(`  ${parseFilter(filter)?.kind === 'regex' ? regex : ''}/ `, { color: 'yellow' }),
    span(filter, { color: 'yellow', bold: true }),
    ...(typing ? [span(' ', { inverse: true })] : []),
    span(countText(view, shown), { dim: true }),
  ];
}

function countText({ filter, match }: LogView, { hits, searching }: ShownLogs): string {
  const parsed = parseFilter(filter);
  if (!parsed) return '';
  const count = `${hits.length}${searching ? '+' : ''}`;
  const number = match && hits.length - hits.countAfter(match);
  if (number) return ` ${number} of ${count}`;
  const one = hits.length === 1 && !searching;
  return parsed.inverse ? ` ${count} without` : ` ${count} ${one ? 'match' : 'matches'}`;
}

/** Whether the logs follow; long, and short. */
function rightSpans({ view, below, followKey }: TitleParts): readonly [Span[], Span[]] {
  const end = span(' ──');
  if (view.bottom === undefined) {
    const following = [span(' '), span('following', { dim: true }), end];
    return [following, following];
  }
  const style = { color: 'yellow', bold: true } as const;
  const news = below === 0 ? 'frozen' : `frozen, ${below} new`;
  const how = followKey === undefined ? '' : `: ${followKey} follows`;
  const lines = below === 0 ? '' : ` ${below === 1 ? 'line' : 'lines'}${how}`;
  return [
    [span(' '), span(`${news}${lines}`, style), end],
    [span(' '), span(news, style), end],
  ];
}
