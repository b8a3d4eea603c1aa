import { rename, writeFile } from 'node:fs/promises';

/** The name of the sandbox's context, cluster and user. */
export const sandboxContext = 'sandbox';

/**
 * Writes a kubeconfig for the sandbox, readable by this user only: it has the token. JSON is YAML.
 * @param file absolute
 * @param authority PEM of the certificate that the server shows
 */
export async function writeKubeconfig(file: string, server: string, authority: string, token: string): Promise<void> {
  const name = sandboxContext;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(`${file}.new`, `${JSON.stringify(kubeconfig, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
