import { apiVersionOf, type Kind, kinds } from '../../store/kinds.ts';
import { reviews } from '../reviews.ts';
import { isForeign, subresourceKind, verbsOf } from './subresource-kinds.ts';

/** A group and its one version. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Whether a path is below `/apis/GROUP` of a group that is not served at all. */
export function isOfUnknownGroup(pathname: string): boolean {
  const group = /^\/apis\/([^/]+)/.exec(pathname)?.[1];
  return group !== undefined && !groupVersions.some((served) => served.group === group);
}

const groupVersionName = ({ group, version }: GroupVersion): string => (group ? `${group}/${version}` : version);

/** All groups that are served, the core group first. */
export const groupVersions: readonly GroupVersion[] = (() => {
  const served = [...kinds, ...reviews].map(({ group, version }) => ({ group, version }));
  const byName = new Map(served.map((one) => [groupVersionName(one), one]));
  return [...byName.values()].sort((one, other) => (one.group < other.group ? -1 : 1));
})();

/** `/api`. @param address `127.0.0.1:8080` */
export const apiVersions = (address: string): Record<string, unknown> => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

/** `/apis` */
export const apiGroupList = (): Record<string, unknown> => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupVersions.filter(({ group }) => group !== '').map(groupEntry),
});

/** `/apis/GROUP`; undefined for a group that is not served. */
export function apiGroup(group: string): Record<string, unknown> | undefined {
  const found = groupVersions.find((one) => one.group === group && group !== '');
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found) };
}

/** `/api/v1`, `/apis/GROUP/VERSION`; undefined for one that is not served. */
export function apiResourceList(group: string, version: string): Record<string, unknown> | undefined {
  if (!groupVersions.some((one) => one.group === group && one.version === version)) return undefined;
  const own = <T extends GroupVersion>(all: readonly T[]) =>
    all.filter((one) => one.group === group && one.version === version);
  const resources = [
    ...own(kinds).flatMap((kind) => [
      kindEntry(kind),
      ...kind.subresources.map((name) => subresourceEntry(kind, name)),
    ]),
    ...own(reviews).map(({ plural, singular, namespaced, kind }) => ({
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: ['create'],
    })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersionName({ group, version }), resources };
}

function groupEntry({ group, version }: GroupVersion) {
  const preferredVersion = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [preferredVersion], preferredVersion };
}

const kindEntry = (kind: Kind) => ({
  name: kind.plural,
  singularName: kind.singular,
  namespaced: kind.namespaced,
  kind: kind.kind,
  verbs: verbsOf(kind),
  ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
  ...(kind.categories.length > 0 && { categories: kind.categories }),
  // Kubernetes has a hash of how etcd stores the kind here; kubectl only asks whether it is there.
  storageVersionHash: Buffer.from(`${apiVersionOf(kind)}/${kind.kind}`)
    .toString('base64')
    .slice(0, 11),
});

function subresourceEntry(kind: Kind, name: string) {
  const known = subresourceKind(kind, name);
  return {
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(isForeign(kind, known) && { group: known.group, version: known.version }),
    kind: known.kind,
    verbs: known.verbs,
  };
}
