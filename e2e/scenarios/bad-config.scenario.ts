import { rm } from 'node:fs/promises';
import { badInput } from '../harness/bad-input.ts';
import type { Workspace } from '../harness/workspace.ts';

const config = 'devloop.config.ts';
const editConfig = (workspace: Workspace, from: string | RegExp, to: string) =>
  workspace.edit(config, (text) => text.replace(from, to));

badInput('no config', {
  run: async ({ workspace, devloop }) => {
    await rm(workspace.path(config));
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/devloop\.config\.ts/],
});

badInput('a config that does not compile', {
  run: async ({ workspace, devloop }) => {
    await workspace.edit(config, (text) => `${text}\nconst broken = ;\n`);
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/devloop\.config\.ts:\d+/, /Unexpected ";"/],
});

badInput('an unknown key', {
  run: async ({ workspace, devloop }) => {
    await editConfig(workspace, /\bports:/, 'portz:');
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/portz/, /\bports\b/, /devloop\.config\.ts/],
});

badInput('a missing Dockerfile', {
  run: async ({ workspace, devloop }) => {
    await rm(workspace.path('apps/backend/Dockerfile'));
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/apps\/backend\/Dockerfile/, /backend/],
});

badInput('a missing chart', {
  run: async ({ workspace, devloop }) => {
    await rm(workspace.path('helm/Chart.yaml'));
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/Chart\.yaml|chart/i, /helm/],
});

badInput('a value path that the chart lacks', {
  run: async ({ workspace, devloop }) => {
    await editConfig(workspace, 'backend.image', 'backend.imagee');
    return devloop(['up', '--once']);
  },
  code: 2,
  says: [/backend\.imagee/, /backend\.image\b/],
});

badInput('an unknown service name', {
  run: ({ devloop }) => devloop(['up', 'bakend', '--once']),
  code: 2,
  says: [/bakend/, /\bbackend\b/],
});

badInput('an unknown flag', {
  run: ({ devloop }) => devloop(['up', '--onse']),
  code: 2,
  says: [/--onse/, /--once/],
});
