import { sanitizeLine } from '../sanitize.ts';
import { type LogLevel, levelOfName } from './level-name.ts';

/** A log line that is one JSON object, as loggers write them. */
export interface JsonLine {
  readonly level: LogLevel | undefined;
  /** On one row; empty when the line has none. */
  readonly message: string;
  /** `key=value` of every other field but the time, in the line's order, with spaces between. */
  readonly fields: string;
}

const levelKeys = ['level', 'severity', 'lvl', 'log.level', 'loglevel', 'levelname', '@l'];
const messageKeys = ['msg', 'message', '@m', 'log'];
const timeKeys = new Set(['time', 'timestamp', 'ts', '@timestamp', '@t', 'datetime', 'date']);

/** A JSON line's parts, all harmless text; undefined for a line that is no JSON object. */
export function parseJsonLine(text: string): JsonLine | undefined {
  const object = objectOf(text);
  if (!object) return undefined;
  const levelKey = levelKeys.find((key) => levelOfName(object[key]) !== undefined);
  const messageKey = messageKeys.find((key) => typeof object[key] === 'string');
  let fields = '';
  for (const key of Object.keys(object)) {
    if (key === levelKey || key === messageKey || timeKeys.has(key.toLowerCase())) continue;
    fields += `${fields === '' ? '' : ' '}${key}=${valueText(object[key])}`;
  }
  return {
    level: levelKey === undefined ? undefined : levelOfName(object[levelKey]),
    message: messageKey === undefined ? '' : harmless(String(object[messageKey])),
    fields: harmless(fields),
  };
}

/** The parts as one row: the level's word, the message, the fields. */
export const jsonLineText = ({ level, message, fields }: JsonLine): string =>
  [level?.toUpperCase() ?? '', message, fields].filter((part) => part !== '').join(' ');

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
