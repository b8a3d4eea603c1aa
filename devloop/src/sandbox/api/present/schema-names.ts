import { kinds } from '../../store/kinds.ts';
import { type FieldTypes, modelOf } from '../../store/rules/types/field-types.ts';
import { typesWithin } from './types-within.ts';

const meta = new Set([
  'V1ObjectMeta',
  'V1ListMeta',
  'V1OwnerReference',
  'V1ManagedFieldsEntry',
  'V1LabelSelector',
  'V1LabelSelectorRequirement',
  'V1Condition',
  'V1Status',
  'V1StatusDetails',
  'V1StatusCause',
]);

const packages: Readonly<Record<string, string>> = {
  '': 'core',
  'coordination.k8s.io': 'coordination',
  'discovery.k8s.io': 'discovery',
  'networking.k8s.io': 'networking',
  'rbac.authorization.k8s.io': 'rbac',
  'scheduling.k8s.io': 'scheduling',
  'storage.k8s.io': 'storage',
};

const owners = new WeakMap<FieldTypes, ReadonlyMap<string, string>>();

/** The group that each type belongs to: that of the first kind, core ones first, that is made of it. */
function ownersOf(types: FieldTypes): ReadonlyMap<string, string> {
  const known = owners.get(types);
  if (known) return known;
  const found = new Map<string, string>();
  for (const kind of kinds)
    for (const model of typesWithin(types, [modelOf(types, kind)]))
      if (!found.has(model)) found.set(model, packages[kind.group] ?? kind.group);
  owners.set(types, found);
  return found;
}

/** `io.k8s.api.apps.v1.Deployment`, as Kubernetes names the type that client-node calls `V1Deployment`. */
export function schemaName(types: FieldTypes, model: string): string {
  const [, version = 'V1', name = model] =
    /^(?:Core|Discovery|Rbac|Events|Storage)?(V\d+(?:beta\d+)?)(.*)$/.exec(model) ?? [];
  if (meta.has(model)) return `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;
  return `io.k8s.api.${ownersOf(types).get(model) ?? 'core'}.${version.toLowerCase()}.${name}`;
}
