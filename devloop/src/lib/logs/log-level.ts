import { parseJsonLine } from './json-line.ts';
import { type LogLevel, levelNames, levelOfName } from './level-name.ts';

const anyName = levelNames.join('|');
const upperNames = levelNames.map((name) => name.toUpperCase()).join('|');

/** Levels stand near the beginning, behind a time and a logger's name; a word further on is the message's own. */
const searched = 100;

const jsonLevel = /"(?:level|severity|lvl|log\.level|loglevel|levelname|@l)"\s*:\s*(?:"(\w+)"|(\d+))/;
// https://github.com/kubernetes/klog: Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg
const klog = /^([IWEFD])\d{4} \d\d:\d\d:\d\d/;
const logfmt = new RegExp(`(?:^|\\s)(?:level|lvl|severity|loglevel|log\\.level)=["']?(${anyName})\\b`, 'i');
const bracketed = new RegExp(`[[(<](?:\\w+,)*\\s*(${anyName})\\s*(?:,\\w+)*[\\])>]`, 'i');
const upperWord = new RegExp(`(?:^|[\\s:|,;>\\])/-])(${upperNames})(?=$|[\\s:|\\])!,;-])`);
const lowerPrefix = new RegExp(`^(?:npm )?(${anyName})(?::|!:?)(?:\\s|$)`, 'i');
const npm = /^npm (ERR!|error|WARN|warn)(?:\s|$)/;
/** An error that nobody logged, as the runtimes of Node, Java, Python, Go, Rust and .NET write it. */
const uncaught =
  /^(?:Traceback \(most recent call last\)|panic: |fatal error: |goroutine \d+ \[|Exception in thread |Unhandled exception|Uncaught |thread '.*' panicked at |(?:[\w$]+[.:]+)*[A-Z][\w$]*(?:Error|Exception)(?:\s\[\w+\])?(?::|$))/;

/** The level of one line by what it says of itself; undefined when it says nothing. */
export function levelOf(text: string): LogLevel | undefined {
  if (text.startsWith('{')) return levelOfJson(text);
  const head = text.slice(0, searched);
  const letter = klog.exec(head)?.[1];
  if (letter) return ofKlog[letter];
  const named = logfmt.exec(head) ?? earliest(bracketed.exec(head), upperWord.exec(head)) ?? lowerPrefix.exec(head);
  if (named) return levelOfName(named[1]);
  const ofNpm = npm.exec(head)?.[1];
  if (ofNpm) return ofNpm.toLowerCase().startsWith('err') ? 'error' : 'warn';
  return uncaught.test(head) ? 'error' : undefined;
}

function levelOfJson(text: string): LogLevel | undefined {
  const found = jsonLevel.exec(text);
  if (!found) return undefined;
  const nested = text.indexOf('{', 1);
  // Before any inner object the key is the line's own, which spares the parser nearly always.
  if (nested === -1 || found.index < nested) return levelOfName(found[1] ?? Number(found[2]));
  return parseJsonLine(text)?.level;
}

const ofKlog: Readonly<Record<string, LogLevel>> = { I: 'info', W: 'warn', E: 'error', F: 'error', D: 'debug' };

function earliest(a: RegExpExecArray | null, b: RegExpExecArray | null): RegExpExecArray | null {
  if (!a || !b) return a ?? b;
  return a.index <= b.index ? a : b;
}
