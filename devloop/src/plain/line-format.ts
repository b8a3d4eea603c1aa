import { colorOfIndex, paint, type Style } from '../lib/paint.ts';
import { remember } from '../lib/remember.ts';
import { sanitizeLine } from '../lib/sanitize.ts';
import { fit, textWidth } from '../lib/text-width.ts';
import type { LoopState } from '../state/state.ts';
import type { PlainLine } from './plain-line.ts';

const own = 'devloop';

/**
 * Returns what makes the text of a line, without a newline: `backend │ built in 240 ms`, the prefixes of all services
 * equally wide.
 * @param color whether to use escape codes for colour
 */
export function createLineFormat(color: boolean): (line: PlainLine, state: LoopState) => string {
  const prefixOf = remember((services: LoopState['services']) => createPrefixes(Object.keys(services), color));
  return ({ service, text, style = {} }, { services }) => {
    const clean = sanitizeLine(text);
    return `${prefixOf(services)(service)}${color ? paint(clean, style) : clean}`;
  };
}

/** A log line a millisecond and more asks for its prefix. */
function createPrefixes(names: readonly string[], color: boolean): (service: string | undefined) => string {
  const width = Math.max(own.length, ...names.map(textWidth));
  const known = new Map<string | undefined, string>();
  const make = (service: string | undefined) => {
    const prefix = `${fit(service ?? own, width)} │ `;
    const style: Style = service === undefined ? { dim: true } : { color: colorOfIndex(names.indexOf(service)) };
    return color ? paint(prefix, style) : prefix;
  };
  return (service) => {
    const prefix = known.get(service) ?? make(service);
    known.set(service, prefix);
    return prefix;
  };
}
