import { byName } from '../../../lib/by-name.ts';
import { badRequest } from '../../store/api-error.ts';

/** Whether an object has the labels that a client asked for. */
export type LabelSelector = (labels: Readonly<Record<string, string>> | undefined) => boolean;

const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];
const token = /\s*(==|!=|[=!,()<>]|[^\s=!,()<>]+)/y;

/**
 * Reads a label selector, equality and set based: `app=web,tier in (a,b),!canary`.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/labels/selector.go
 * @throws ApiError 400 in the words of that parser
 */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = tokensOf(text);
  const requirements: LabelSelector[] = [];
  while (tokens.length > 0) {
    if (!isWord(tokens[0]) && tokens[0] !== '!')
      fail(`found '${tokens[0]}', expected: !, identifier, or 'end of string'`);
    requirements.push(parseRequirement(tokens));
    const separator = tokens.shift();
    if (separator === undefined) break;
    if (separator !== ',') fail(`found '${separator}', expected: ',' or 'end of string'`);
    if (!isWord(tokens[0]) && tokens[0] !== '!') fail(`found '${tokens[0] ?? ''}', expected: identifier after ','`);
  }
  return (labels) => {
    const own = byName(labels);
    return requirements.every((matches) => matches(own));
  };
}

function tokensOf(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) found.push(match[1] ?? '');
  return found;
}

const isWord = (text: string | undefined): text is string => text !== undefined && !/^[=!,()<>]/.test(text);

function parseRequirement(tokens: string[]): LabelSelector {
  const negated = tokens[0] === '!';
  if (negated) tokens.shift();
  const key = tokens.shift();
  if (!isWord(key)) failRequirement(`found '${key ?? ''}', expected: identifier`);
  if (negated) return (labels) => labels?.[key] === undefined;
  if (tokens[0] === undefined || tokens[0] === ',') return (labels) => labels?.[key] !== undefined;
  const operator = tokens.shift() ?? '';
  switch (operator) {
    case '=':
    case '==': {
      const value = parseValue(tokens);
      return (labels) => labels?.[key] === value;
    }
    case '!=': {
      const value = parseValue(tokens);
      return (labels) => labels?.[key] !== value;
    }
    case 'in': {
      const values = parseValues(tokens);
      return (labels) => labels?.[key] !== undefined && values.has(labels[key]);
    }
    case 'notin': {
      const values = parseValues(tokens);
      return (labels) => labels?.[key] === undefined || !values.has(labels[key]);
    }
    case '>':
    case '<': {
      const limit = parseNumber(parseValue(tokens));
      const larger = operator === '>';
      return (labels) => compare(labels?.[key], limit, larger);
    }
    default:
      return failRequirement(`found '${operator}', expected: ${operators.join(', ')}`);
  }
}

/** The one value of an equality; there may be none: `app=` asks for the empty text. */
function parseValue(tokens: string[]): string {
  if (tokens[0] === undefined || tokens[0] === ',') return '';
  const value = tokens.shift();
  return isWord(value) ? value : failRequirement(`found '${value}', expected: identifier`);
}

function parseValues(tokens: string[]): Set<string> {
  const open = tokens.shift() ?? '';
  if (open !== '(') failRequirement(`found '${open}' expected: '('`);
  const values = new Set<string>();
  let last = '';
  for (;;) {
    const next = tokens.shift();
    if (next === ',' || next === ')') {
      values.add(last);
      last = '';
      if (next === ')') return values;
    } else if (isWord(next) && last === '') {
      last = next;
    } else {
      failRequirement(`found '${next ?? ''}', expected: ${last ? "',' or ')'" : "',', ')' or identifier"}`);
    }
  }
}

const isInteger = (text: string): boolean => /^[+-]?\d+$/.test(text);

function parseNumber(text: string): bigint {
  if (!isInteger(text)) {
    throw badRequest(
      `unable to parse requirement: values[0]: Invalid value: "${text}": for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  }
  return BigInt(text);
}

function compare(value: string | undefined, limit: bigint, larger: boolean): boolean {
  if (value === undefined || !isInteger(value)) return false;
  return larger ? BigInt(value) > limit : BigInt(value) < limit;
}

function failRequirement(why: string): never {
  return fail(`unable to parse requirement: ${why}`);
}

function fail(why: string): never {
  throw badRequest(why);
}
