import type { ObjectOf } from '../../store/object-store.ts';
import type { KubeObject } from '../../store/objects.ts';
import { age } from './age.ts';

/** A column of `kubectl get`. */
export interface Column<T = KubeObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  /** `name` tells kubectl which cell to put the kind before. */
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 with `-o wide` only. */
  readonly priority: 0 | 1;
  readonly cell: (object: T, now: number) => unknown;
}

type Cell<T> = Column<T>['cell'];

const column =
  (type: Column['type'], priority: Column['priority']) =>
  <T>(name: string, cell: Cell<T>): Column<T> => ({ name, type, format: '', description: name, priority, cell });

export const text = column('string', 0);
export const number = column('integer', 0);
export const yes = column('boolean', 0);
/** Shown with `-o wide` only. */
export const wide = column('string', 1);

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
  cell: ({ metadata }) => metadata.name,
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  format: '',
  description: 'How long ago the object was created.',
  priority: 0,
  cell: ({ metadata }, now) => age(metadata.creationTimestamp, now),
};

/** Between name and age, in order; what has no place after the age comes before it, and the wide ones follow it. */
export const columnsOf = <Name extends string>(
  _kind: Name,
  between: readonly Column<ObjectOf<Name>>[],
  after: readonly Column<ObjectOf<Name>>[] = [],
): readonly Column[] => [nameColumn, ...(between as readonly Column[]), ageColumn, ...(after as readonly Column[])];

/** The same for kinds whose objects have no type of their own in the store. */
export const untypedColumns = <T>(
  between: readonly Column<T>[],
  after: readonly Column<T>[] = [],
): readonly Column[] => [
  nameColumn,
  ...(between as unknown as readonly Column[]),
  ageColumn,
  ...(after as unknown as readonly Column[]),
];
