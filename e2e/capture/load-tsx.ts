import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

/** Lets this process import `.tsx`: Node itself takes away types only, and leaves JSX. */
export function loadTsx(): void {
  registerHooks({
    load: (url, context, next) => {
      if (!url.endsWith('.tsx')) return next(url, context);
      const text = readFileSync(fileURLToPath(url), 'utf8');
      const { code } = transformSync(text, { loader: 'tsx', jsx: 'automatic', target: 'node24' });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}
