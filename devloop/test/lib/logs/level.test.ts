import { describe, expect, it } from '@jest/globals';
import { jsonLineText, parseJsonLine } from '../../../src/lib/logs/json-line.ts';
import { levelOfName } from '../../../src/lib/logs/level-name.ts';
import { levelOf } from '../../../src/lib/logs/log-level.ts';

describe('the level of a line', () => {
  it.each([
    // JSON: pino, bunyan, winston, zap, logrus, GELF, ECS, Google
    ['{"level":10,"time":1,"msg":"x"}', 'debug'],
    ['{"level":20,"time":1,"msg":"x"}', 'debug'],
    ['{"level":30,"time":1,"msg":"x"}', 'info'],
    ['{"level":35,"time":1,"msg":"between"}', 'info'],
    ['{"level":40,"time":1,"msg":"x"}', 'warn'],
    ['{"level":50,"time":1,"msg":"x"}', 'error'],
    ['{"level":60,"time":1,"msg":"x"}', 'error'],
    ['{"name":"app","hostname":"h","pid":1,"level":50,"msg":"x","time":"2026","v":0}', 'error'],
    ['{"level":"warn","msg":"x"}', 'warn'],
    ['{"severity":"ERROR","message":"x"}', 'error'],
    ['{"severity":"NOTICE","message":"x"}', 'info'],
    ['{"log.level":"debug","message":"x"}', 'debug'],
    ['{"levelname":"CRITICAL","message":"x"}', 'error'],
    ['{"level":3,"short_message":"x"}', 'error'],
    ['{"level":7,"short_message":"x"}', 'debug'],
    ['{"msg":"no level, but an ERROR"}', undefined],
    ['{"req":{"level":"error"},"msg":"x"}', undefined],
    ['{"level":"error","msg":"cut off', 'error'],
    ['{"req":{"level":"error"},"level":40}', 'warn'],
    ['{"msg":"\\"level\\":\\"error\\""}', undefined],
    // logfmt
    ['level=info msg="hello"', 'info'],
    ['time="2026-01-31T14:03:20Z" level=warning msg="low disk"', 'warn'],
    ['ts=1 lvl=eror err="x"', 'error'],
    ['level="debug" msg=x', 'debug'],
    ['sublevel=error', undefined],
    // Brackets
    ['[ERROR] no connection', 'error'],
    ['[error] no connection', 'error'],
    ['2026/01/31 14:03:20 [warn] 1#1: *3 upstream', 'warn'],
    ['[2026-01-31T14:03:20Z ERROR app::db] refused', 'error'],
    ['240101/100000.000, [log,error] data: x', 'error'],
    ['<debug> hello', 'debug'],
    // Words
    ['ERROR: relation does not exist', 'error'],
    ['Error: connect ECONNREFUSED', 'error'],
    ['error: bad option', 'error'],
    ['WARNING: deprecated', 'warn'],
    ['warn: slow', 'warn'],
    ['info: Now listening on http://[::]:8080', 'info'],
    ['fail: Microsoft.AspNetCore.Server[13]', 'error'],
    ['INFO  started', 'info'],
    ['2026-01-31 14:03:20.123  WARN 1 --- [main] c.e.App : slow', 'warn'],
    ['2026-01-31 14:03:20,123 - root - ERROR - failed', 'error'],
    ['ERROR:root:failed', 'error'],
    ['2026-01-31T14:03:20Z  DEBUG app: tick', 'debug'],
    ['2026-01-31 14:03:20 UTC [1] FATAL:  role does not exist', 'error'],
    ['2026-01-31 14:03:20 UTC [1] LOG:  ready', 'info'],
    ['INFO then the word ERROR', 'info'],
    ['npm ERR! missing script', 'error'],
    ['npm error code ENOENT', 'error'],
    ['npm warn deprecated x', 'warn'],
    // klog
    ['E0102 15:04:05.000000       1 main.go:10] failed', 'error'],
    ['W0102 15:04:05.000000       1 main.go:10] slow', 'warn'],
    ['I0102 15:04:05.000000       1 main.go:10] started', 'info'],
    ['F0102 15:04:05.000000       1 main.go:10] over', 'error'],
    ['E0102 is a bus', undefined],
    // Uncaught
    ['Traceback (most recent call last):', 'error'],
    ['panic: runtime error: index out of range', 'error'],
    ['fatal error: all goroutines are asleep', 'error'],
    ['Exception in thread "main" java.lang.NullPointerException', 'error'],
    ['java.lang.IllegalStateException: no', 'error'],
    ['TypeError: x is not a function', 'error'],
    ['TypeError [ERR_INVALID_ARG]: no', 'error'],
    // Not levels
    ['GET /error 200', undefined],
    ['0 errors, 3 warnings', undefined],
    ['information about ERRORS', undefined],
    ['the error was handled', undefined],
    [`${'x'.repeat(100)} ERROR`, undefined],
    ['hello', undefined],
    ['', undefined],
  ] as const)('%j is %s', (text, level) => {
    expect(levelOf(text)).toBe(level);
  });

  it.each([
    ['Warning', 'warn'],
    ['nonsense', undefined],
    [42, 'warn'],
    [8, undefined],
    [4, 'warn'],
    [6, 'info'],
    [1e9, undefined],
    [1.5, undefined],
    [null, undefined],
    [{}, undefined],
  ] as const)('named %j is %s', (name, level) => {
    expect(levelOfName(name)).toBe(level);
  });
});

describe('a JSON line', () => {
  it.each([
    ['{"level":30,"time":1769864600123,"pid":1,"msg":"listening","port":8080}', 'INFO listening pid=1 port=8080'],
    ['{"severity":"error","timestamp":"2026-01-31T14:03:20Z","message":"no","code":"E 1"}', 'ERROR no code="E 1"'],
    ['{"level":"warn","msg":"a","err":{"type":"Error","n":[1,2]}}', 'WARN a err={"type":"Error","n":[1,2]}'],
    ['{"msg":"a","ok":true,"none":null,"empty":"","url":"/a=b"}', 'a ok=true none=null empty="" url="/a=b"'],
    ['{"level":"loud","msg":"a"}', 'a level=loud'],
    ['  {"msg":"padded"}  ', 'padded'],
    ['{"a":1}', 'a=1'],
    ['{}', ''],
    ['{"msg":"two\\nlines","note":"a\\nb"}', 'two lines note="a\\nb"'],
    ['{"level":50,"msg":"no","stack":"Error: no\\n    at b\\n","id":1}', 'ERROR no id=1\nError: no\n    at b'],
    [
      '{"level":50,"err":{"type":"Error","stack":"Error: no\\n    at b"},"msg":"no"}',
      'ERROR no err={"type":"Error"}\nError: no\n    at b',
    ],
    ['{"exception":"java.io.IOException: x\\n\\tat A.b(A.java:1)"}', '\njava.io.IOException: x\n  at A.b(A.java:1)'],
    ['{"msg":"a","stack":"blue"}', 'a stack=blue'],
    ['{"msg":{"not":"text"},"level":50}', 'ERROR msg={"not":"text"}'],
  ])('%s reads %j', (text, expected) => {
    const parsed = parseJsonLine(text);
    expect(parsed && jsonLineText(parsed)).toBe(expected);
  });

  it('brings no control characters to the screen', () => {
    const parsed = parseJsonLine('{"msg":"\\u001b[2Jhi\\u009b1m","a\\u0007":"b\\u0090c"}');
    expect(parsed && jsonLineText(parsed)).toBe('hi a=bc');
  });

  it.each(['hello', '{broken', '[1,2]', '"text"', '{"a":1} and more', '{not json}', '', '123'])(
    '%j is none',
    (text) => {
      expect(parseJsonLine(text)).toBeUndefined();
    },
  );
});
