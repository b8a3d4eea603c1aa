import type { Volume } from '../../objects.ts';
import { compareQuantities } from '../../quantity.ts';
import { validateLocalPath } from './container.ts';
import type { FieldErrors } from './field-errors.ts';
import { dns1123Label } from './names.ts';

const modeRange = 'must be a number between 0 and 0777 (octal), both inclusive';

/** @returns the names that can be mounted */
export function validateVolumes(volumes: readonly Volume[], field: string, errors: FieldErrors): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const at = `${field}[${index}]`;
    if (!volume.name) errors.required(`${at}.name`);
    else {
      errors.invalidFor(`${at}.name`, volume.name, dns1123Label(volume.name));
      if (names.has(volume.name)) errors.duplicate(`${at}.name`, volume.name);
      names.add(volume.name);
    }
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const extra of sources.slice(1)) errors.forbidden(`${at}.${extra}`, 'may not specify more than 1 volume type');
    validateSource(volume, at, errors);
  }
  return names;
}

function validateSource(volume: Volume, at: string, errors: FieldErrors): void {
  const { emptyDir, secret, configMap, persistentVolumeClaim: claim, hostPath, projected } = volume;
  if (emptyDir?.sizeLimit !== undefined && compareQuantities(emptyDir.sizeLimit, '0') < 0)
    errors.forbidden(`${at}.emptyDir.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
  if (secret) {
    if (!secret.secretName) errors.required(`${at}.secret.secretName`);
    validateFiles(secret, `${at}.secret`, errors);
  }
  if (configMap) {
    if (!configMap.name) errors.required(`${at}.configMap.name`);
    validateFiles(configMap, `${at}.configMap`, errors);
  }
  if (claim && !claim.claimName) errors.required(`${at}.persistentVolumeClaim.claimName`);
  if (hostPath && !hostPath.path) errors.required(`${at}.hostPath.path`);
  if (projected?.defaultMode !== undefined) validateMode(projected.defaultMode, `${at}.projected.defaultMode`, errors);
}

interface Files {
  readonly defaultMode?: number;
  readonly items?: readonly { readonly key: string; readonly path: string; readonly mode?: number }[];
}

function validateFiles({ defaultMode, items = [] }: Files, at: string, errors: FieldErrors): void {
  if (defaultMode !== undefined) validateMode(defaultMode, `${at}.defaultMode`, errors);
  for (const [index, { key, path, mode }] of items.entries()) {
    const item = `${at}.items[${index}]`;
    if (!key) errors.required(`${item}.key`);
    if (!path) errors.required(`${item}.path`);
    validateLocalPath(path, `${item}.path`, errors);
    if (mode !== undefined) validateMode(mode, `${item}.mode`, errors);
  }
}

function validateMode(mode: number, field: string, errors: FieldErrors): void {
  if (mode < 0 || mode > 0o777) errors.invalid(field, mode, modeRange);
}
