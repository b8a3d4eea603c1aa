import type { Volume } from '../../objects.ts';
import { canonicalQuantity } from '../../quantity.ts';

/** 0644, as a decimal number. */
const defaultMode = 0o644;
const hour = 3600;

const defaultItems = (items: { fieldRef?: { apiVersion?: string } }[] | undefined): void => {
  for (const { fieldRef } of items ?? []) if (fieldRef) fieldRef.apiVersion ||= 'v1';
};

/** A volume without any source is an emptyDir. */
export function defaultVolume(volume: Volume): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume.emptyDir = {};
  if (volume.emptyDir?.sizeLimit !== undefined)
    volume.emptyDir.sizeLimit = canonicalQuantity(volume.emptyDir.sizeLimit);
  for (const source of [volume.secret, volume.configMap, volume.downwardAPI, volume.projected])
    if (source) source.defaultMode ??= defaultMode;
  defaultItems(volume.downwardAPI?.items);
  for (const { serviceAccountToken, downwardAPI } of volume.projected?.sources ?? []) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= hour;
    defaultItems(downwardAPI?.items);
  }
  if (volume.hostPath) volume.hostPath.type ??= '';
}
