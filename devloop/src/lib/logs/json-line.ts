import { messageLines } from '../message-lines.ts';
import { sanitizeLine } from '../sanitize.ts';
import { type LogLevel, levelOfName } from './level-name.ts';

/** A log line that is one JSON object, as loggers write them. */
export interface JsonLine {
  readonly level: LogLevel | undefined;
  /** On one row; empty when the line has none. */
  readonly message: string;
  /** `key=value` of every other field but the time, in the line's order, with spaces between. */
  readonly fields: string;
  /** The lines of the error's stack trace, where a field has one. */
  readonly stack: readonly string[];
}

const levelKeys = ['level', 'severity', 'lvl', 'log.level', 'loglevel', 'levelname', '@l'];
const messageKeys = ['msg', 'message', '@m', 'log'];
const stackKeys = ['stack', 'stack_trace', 'stacktrace', 'error.stack_trace', 'exception'];
const errorKeys = ['err', 'error', 'exception'];
const timeKeys = new Set(['time', 'timestamp', 'ts', '@timestamp', '@t', 'datetime', 'date']);

/** A JSON line's parts, all harmless text; undefined for a line that is no JSON object. */
export function parseJsonLine(text: string): JsonLine | undefined {
  const object = objectOf(text);
  if (!object) return undefined;
  const levelKey = levelKeys.find((key) => levelOfName(object[key]) !== undefined);
  const messageKey = messageKeys.find((key) => typeof object[key] === 'string');
  const stack = stackOf(object);
  let fields = '';
  for (const key of Object.keys(object)) {
    if (key === levelKey || key === messageKey || timeKeys.has(key.toLowerCase())) continue;
    const value = key === stack?.key ? stack.rest : object[key];
    if (value !== undefined) fields += `${fields === '' ? '' : ' '}${key}=${valueText(value)}`;
  }
  return {
    level: levelKey === undefined ? undefined : levelOfName(object[levelKey]),
    message: messageKey === undefined ? '' : harmless(String(object[messageKey])),
    fields: harmless(fields),
    stack: stack ? messageLines(stack.text) : [],
  };
}

/** The parts as lines: the level's word, the message and the fields as one, then the stack trace. */
export const jsonLineText = ({ level, message, fields, stack }: JsonLine): string =>
  [[level?.toUpperCase() ?? '', message, fields].filter((part) => part !== '').join(' '), ...stack].join('\n');

/** The field with a stack trace: a text of its own, or in an error as pino writes it; and what else is in that field. */
function stackOf(object: Readonly<Record<string, unknown>>) {
  for (const key of stackKeys) {
    const text = object[key];
    if (typeof text === 'string' && text.includes('\n')) return { key, text, rest: undefined };
  }
  for (const key of errorKeys) {
    const error = object[key];
    if (typeof error !== 'object' || error === null || !('stack' in error)) continue;
    const { stack: text, ...rest } = error;
    if (typeof text !== 'string' || !text.includes('\n')) continue;
    return { key, text, rest: Object.keys(rest).length > 0 ? rest : undefined };
  }
  return undefined;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  // Most lines are not JSON: an exception for each would cost more than all the rest.
  if (!/^\s*\{\s*["}]/.test(text) || !/\}\s*$/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[^\s"'=]+$/.test(value) ? value : JSON.stringify(value);
}

/** JSON can hide control characters behind its escapes; a new line becomes a space. */
const harmless = (text: string): string =>
  sanitizeLine(/[\r\n]/.test(text) ? text.replaceAll(/\s*[\r\n]+\s*/g, ' ') : text);
