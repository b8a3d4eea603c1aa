import type { KubeEvent } from '../../store/objects.ts';
import { age } from './age.ts';
import { type Column, number, text, wide } from './column.ts';

const source = ({ source: { component, host } = { component: '' } }: KubeEvent): string =>
  [component, host].filter(Boolean).join(', ');

const firstSeen = ({ firstTimestamp, eventTime }: KubeEvent, now: number): string =>
  age(firstTimestamp ?? eventTime, now);

const lastSeen = (event: KubeEvent, now: number): string =>
  event.lastTimestamp ? age(event.lastTimestamp, now) : firstSeen(event, now);

const columns: readonly Column<KubeEvent>[] = [
  text('Last Seen', lastSeen),
  text('Type', ({ type }) => type),
  text('Reason', ({ reason }) => reason),
  text('Object', ({ involvedObject: { kind = '', name = '' } }) => `${kind.toLowerCase()}/${name}`),
  wide('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
  wide('Source', source),
  text('Message', ({ message }) => message.trim()),
  wide('First Seen', firstSeen),
  { ...number<KubeEvent>('Count', ({ count }) => count), priority: 1 },
  { ...wide<KubeEvent>('Name', ({ metadata }) => metadata.name), format: 'name' },
];

/** Events have neither name nor age in front. */
export const eventColumns: Readonly<Record<string, readonly Column[]>> = {
  Event: columns as unknown as readonly Column[],
};
