const megabyte = 2 ** 20;

/** Thousandths of a core as Kubernetes writes them, in at most 5 columns: `12m`, `1500m`, from ten cores on `12.5`. */
export const cpuText = (cpu: number): string => (cpu < 9999.5 ? `${Math.round(cpu)}m` : (cpu / 1000).toFixed(1));

/** Bytes in units of 1024, in at most 7 columns: `80 MB`, `1.5 GB`, `120 GB`. */
export function memoryText(bytes: number): string {
  const { figure, unit } = parts(bytes);
  return `${figure} ${unit}`;
}

/** What is used of what may be used, in at most 16 columns: `212 of 256 MB`, `900 MB of 1.5 GB`. */
export function memoryOfText(used: number, limit: number): string {
  const [one, all] = [parts(used), parts(limit)];
  return one.unit === all.unit
    ? `${one.figure} of ${all.figure} ${all.unit}`
    : `${one.figure} ${one.unit} of ${all.figure} ${all.unit}`;
}

function parts(bytes: number): { readonly figure: string; readonly unit: string } {
  const megabytes = Math.round(bytes / megabyte);
  if (megabytes < 1024) return { figure: String(megabytes), unit: 'MB' };
  const gigabytes = megabytes / 1024;
  return { figure: gigabytes < 99.95 ? gigabytes.toFixed(1) : gigabytes.toFixed(0), unit: 'GB' };
}
