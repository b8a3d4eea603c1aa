import { useContext } from 'react';
import { type Span, span, spansWidth, spread } from '../../lib/spans.ts';
import type { LoopState } from '../../state/state.ts';
import { ScreenContext, useFeed } from '../hooks.ts';
import { Row } from './row.tsx';

/** The project, where it runs and why there, its releases, and the newest edit. */
export function Header() {
  const { columns } = useContext(ScreenContext);
  const { project, cluster, releases, edit } = useFeed(({ state }) => ({
    project: state.project,
    cluster: state.cluster,
    releases: state.releases,
    edit: state.edit,
  }));
  const right = [span(edit > 0 ? ` edit ${edit} ` : '', { bold: true })];
  if (!project || !cluster)
    return <Row spans={spread([...title(), span('starting', { dim: true })], right, columns)} />;

  const context = [separator, span(cluster.context, { color: 'cyan' })];
  const why = cluster.why === '' ? [] : [span(` (${cluster.why})`, { dim: true })];
  const place = [separator, span('namespace ', { dim: true }), span(project.namespace)];
  const revisions = [separator, ...releaseSpans(releases)];
  // What tells least gives way first on a narrow terminal.
  const variants = [
    [...context, ...why, ...place, ...revisions],
    [...context, ...place, ...revisions],
    [...context, ...place],
  ].map((parts) => [...title(project.name), ...parts]);
  const room = columns - spansWidth(right) - 1;
  const fitting = variants.find((spans) => spansWidth(spans) <= room) ?? variants.at(-1) ?? [];
  return <Row spans={spread(fitting, right, columns)} />;
}

const separator = span('  ');

const title = (project = ''): Span[] => [
  span(' devloop ', { inverse: true, bold: true }),
  span(` ${project}`, { bold: true }),
];

function releaseSpans(releases: LoopState['releases']): Span[] {
  const known = Object.values(releases);
  const text = known.map(({ name, revision }) =>
    revision === undefined ? `${name} not deployed` : `${name} rev ${revision}`,
  );
  return [span(known.length === 1 ? 'release ' : 'releases ', { dim: true }), span(text.join(', '))];
}
