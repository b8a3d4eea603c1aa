import { describe, expect, it } from '@jest/globals';
import { maskSecrets } from '../../src/cli/mask-secrets.ts';

const secret = (fields: string) =>
  `---\n# Source: tasks/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n${fields}`;

describe('manifests', () => {
  it('keep the keys of a Secret, and none of its values', () => {
    const masked = maskSecrets(secret('data:\n  password: aHVudGVyMg==\n  user: YWRtaW4=\n'));
    expect(masked).toContain('password: "********"');
    expect(masked).toContain('user: "********"');
    expect(masked).not.toMatch(/aHVudGVyMg|YWRtaW4/);
    expect(masked).toContain('name: db');
  });

  it.each([
    ['stringData', 'stringData:\n  password: hunter2\n'],
    ['a flow map', 'data: { password: hunter2 }\n'],
    ['a block of lines', 'stringData:\n  key.pem: |\n    hunter2\n    more\n'],
    ['both', 'data:\n  a: hunter2\nstringData:\n  b: hunter2\n'],
  ])('mask %s', (_, fields) => {
    const masked = maskSecrets(secret(fields));
    expect(masked).not.toContain('hunter2');
    expect(masked).toContain('********');
  });

  it('mask the Secrets of a List', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n  - kind: Secret\n    data: { password: hunter2 }\n  - kind: ConfigMap\n    data: { level: debug }\n';
    const masked = maskSecrets(list);
    expect(masked).not.toContain('hunter2');
    expect(masked).toContain('level: debug');
  });

  it('keep everything else as it is written', () => {
    const other =
      '---\n# Source: tasks/templates/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app # kept\ndata:\n  password: not-a-secret\n';
    expect(maskSecrets(other)).toBe(other);
  });

  it('stay apart', () => {
    const two = `${secret('data:\n  a: hunter2\n')}${secret('data:\n  b: hunter2\n')}`;
    expect(maskSecrets(two).match(/^---$/gm)).toHaveLength(2);
    expect(maskSecrets(two)).not.toContain('hunter2');
  });

  it('may be none', () => {
    expect(maskSecrets('')).toBe('');
    expect(maskSecrets('---\n# only a comment\n')).toContain('# only a comment');
    expect(maskSecrets(secret('type: Opaque\n'))).toContain('type: Opaque');
  });
});
