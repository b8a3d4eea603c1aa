import type { KeyChoice } from '../src/model/keymap/key-choice.ts';
import { keyGroups } from '../src/model/keymap/keymap.ts';
import { showKey } from '../src/ui/key-name.ts';
import { table } from './table.ts';

/** docs/keys.md: the keys of the dashboard by groups, as the keymap has them, and how to change them. */
export function keysPage(): string {
  const groups = keyGroups.flatMap(({ title, bindings }) => [
    `## ${title}`,
    table(
      ['Key', 'What it does', 'Command'],
      bindings.map(({ keys, description, command, in: place }) => [
        keys.map((key) => `\`${showKey(key)}\``).join(', '),
        place === undefined ? description : `${description} (${placeNames[place]})`,
        `\`${command}\``,
      ]),
    ),
  ]);
  return `${[intro, ...groups, otherKeys].join('\n\n')}\n`;
}

const placeNames = { overview: 'in the overview', service: 'in the view of a service' } as const;

const intro = `# The keys of the dashboard

<!-- Made by \`npm run reference\` from devloop/src/model/keymap/: do not edit. -->

\`?\` shows them in the dashboard, and \`:\` finds a command by its name. A capital letter is the letter with Shift;
\`Ctrl-L\` and \`Shift-↑\` are two keys pressed together.`;

/** As a user's configuration has it. */
export const keysExample: KeyChoice = { rebuild: ['r'], restart: ['R'], quit: ['q', 'ctrl+q'] };

const exampleText = Object.entries(keysExample)
  .map(([command, keys]) => `${command}: [${keys.map((key) => `'${key}'`).join(', ')}]`)
  .join(', ');

const otherKeys = `## Other keys

\`ui.keys\` in \`devloop.config.ts\` gives a command other keys, which take the place of all that it has:

\`\`\`ts
export default defineConfig({
  // …
  ui: { keys: { ${exampleText} } },
});
\`\`\`

A key is one character (\`R\`, \`/\`), or \`up\`, \`down\`, \`left\`, \`right\`, \`pgup\`, \`pgdn\`, \`home\`, \`end\`, \`enter\`, \`tab\`,
\`esc\`, \`space\` or \`backspace\`; with \`ctrl+\` before a lower-case letter, and with \`ctrl+\` or \`shift+\` before a named key
other than the last three. The command that had the key by default loses it. The same key for two commands is an error,
unless one is for the overview and the other for the view of a service.`;
