import { describe, expect, it } from '@jest/globals';
import { levelOf } from '../../../src/lib/logs/log-level.ts';
import { initialLogView, type LogView } from '../../../src/ui/logs/log-view.ts';
import type { LogEntry } from '../../../src/ui/logs/merged-lines.ts';
import { LogDesk, textOf } from './support.ts';

const trace = ['Error: refused', '    at connect (db.js:1:1)', '    at main (app.js:9:9)'];

describe('what a view shows', () => {
  it('is all lines in the order they came', () => {
    const desk = new LogDesk();
    desk.add('one');
    desk.add('two', { service: 'frontend' });
    desk.add('three');
    expect(desk.shown()).toEqual(['one', 'two', 'three']);
  });

  it('keeps a stack trace together, whatever comes in between', () => {
    const desk = new LogDesk();
    desk.add(trace[0] ?? '');
    desk.add('from the front', { service: 'frontend' });
    desk.add('from a replica', { pod: 'other' });
    desk.add(trace[1] ?? '');
    desk.add(trace[2] ?? '');
    desk.add('after');
    expect(desk.shown()).toEqual([...trace, 'from the front', 'from a replica', 'after']);
  });

  it.each([
    [{ scope: 'all' }, ['a1', 'a2', 'side', 'b1', 'built', 'front']],
    [{ scope: 'selected' }, ['a1', 'a2', 'side', 'b1', 'built']],
    [{ scope: 'selected', narrowed: { service: 'backend', pod: 'a' } }, ['a1', 'a2', 'side']],
    [{ scope: 'selected', narrowed: { service: 'backend', pod: 'a', container: 'app' } }, ['a1', 'a2']],
    [{ scope: 'selected', narrowed: { service: 'backend', container: 'app' } }, ['a1', 'a2', 'b1']],
    [{ scope: 'selected', narrowed: { service: 'frontend', pod: 'a' } }, ['a1', 'a2', 'side', 'b1', 'built']],
    [{ scope: 'all', narrowed: { service: 'backend', pod: 'a' } }, ['a1', 'a2', 'side', 'b1', 'built', 'front']],
  ] as const)('in the scope %j', (view, expected) => {
    const desk = new LogDesk(view);
    desk.add('a1', { pod: 'a', container: 'app' });
    desk.add('a2', { pod: 'a', container: 'app' });
    desk.add('side', { pod: 'a', container: 'proxy' });
    desk.add('b1', { pod: 'b', container: 'app' });
    desk.add('built', { source: 'build' });
    desk.add('front', { service: 'frontend' });
    expect(desk.shown()).toEqual(expected);
  });

  it.each([
    [{ filter: 'refused' }, trace, ['Error: refused']],
    [{ filter: 'app.js' }, trace, ['    at main (app.js:9:9)']],
    [{ filter: '!refused' }, ['GET /', 'WARN slow'], ['GET /', 'WARN slow']],
    [{ filter: '!main' }, ['GET /', 'WARN slow'], ['GET /', 'WARN slow']],
    [{ filter: 'get', mode: 'all' }, ['GET /', ...trace, 'WARN slow'], ['GET /']],
    [{ filter: '!get', mode: 'all' }, ['GET /', ...trace, 'WARN slow'], ['Error: refused', 'WARN slow']],
    [{ levels: 'warnings' }, [...trace, 'WARN slow'], []],
    [{ levels: 'warnings', filter: 'slow' }, ['WARN slow'], ['WARN slow']],
    [{ levels: 'warnings', filter: 'slow', mode: 'all' }, [...trace, 'WARN slow'], ['WARN slow']],
    [{ filter: 'nowhere' }, [], []],
    [{ filter: 'nowhere', mode: 'all' }, ['GET /', ...trace, 'WARN slow'], []],
  ] as const)('with %j', (view, shown, hits) => {
    const desk = new LogDesk(view).append('GET /', ...trace, 'WARN slow');
    expect(desk.shown()).toEqual(shown);
    expect(desk.hits()).toEqual(hits);
  });

  it('takes a line with a trace and no level for an error, and Events for warnings', () => {
    const desk = new LogDesk({ levels: 'warnings' }).append('request failed', '  at a (x.js:1:1)', 'fine');
    desk.add('Pod backend: BackOff: restarting', { source: 'kubernetes' });
    expect(desk.shown()).toEqual(['request failed', '  at a (x.js:1:1)', 'Pod backend: BackOff: restarting']);
  });

  it('finds JSON lines by what they read, and by what they are', () => {
    const json = '{"level":50,"msg":"no answer","status":502}';
    const desk = new LogDesk().append(json, '{"level":30,"msg":"ok","status":200}');
    for (const filter of ['status=502', '"status":502', 'ERROR no', 'no answer']) {
      desk.view = { ...desk.view, filter };
      expect([filter, desk.shown()]).toEqual([filter, [json]]);
    }
    desk.view = { ...desk.view, filter: 'status=502', raw: true };
    expect(desk.shown()).toEqual([]);
  });

  it('follows as a trace that matched only late grows', () => {
    const desk = new LogDesk({ filter: 'main' }).append('Error: refused', '    at connect (db.js:1:1)');
    expect(desk.shown()).toEqual([]);
    desk.append('    at main (app.js:9:9)');
    expect(desk.shown()).toEqual(trace);
    desk.view = { ...desk.view, filter: '!later' };
    expect(desk.shown()).toEqual(trace);
    desk.append('    at later (app.js:9:9)');
    expect(desk.shown()).toEqual([]);
  });

  it('begins where it was cleared, or with the last minutes', () => {
    const desk = new LogDesk().append('old');
    desk.clock.advance(90_000);
    desk.append('newer').press('clear').append('newest');
    expect(desk.shown()).toEqual(['cleared at 14:04:50, B brings all back', 'newest']);
    desk.press('unclear');
    expect(desk.shown()).toEqual(['old', 'newer', 'newest']);
    desk.press('since');
    expect(desk.shown()).toEqual(['newer', 'newest']);
    desk.press('since');
    expect(desk.shown()).toEqual(['old', 'newer', 'newest']);
  });

  it('has markers between the lines, after what belongs to the lines before', () => {
    const desk = new LogDesk().append('one', 'Error: no');
    desk.press('marker', 'marker').append('    at a (x.js:1:1)', 'two').press('marker');
    expect(desk.shown()).toEqual(['one', 'Error: no', '    at a (x.js:1:1)', '(marker)', 'two', '(marker)']);
    desk.press('clear');
    expect(desk.shown()).toEqual([expect.stringContaining('cleared'), '(marker)']);
  });

  it('says first how many lines were dropped', () => {
    const desk = new LogDesk({}, 64 * 1024);
    for (let index = 0; index < 5000; index += 1) desk.add(`line ${index}`);
    const dropped = desk.store.dropped();
    expect(desk.shown()[0]).toBe(`${dropped.toLocaleString('en')} older lines dropped to keep memory small`);
    expect(desk.shown()[1]).toBe(`line ${dropped}`);
  });
});

describe('the search', () => {
  it('of many lines goes in slices, the newest first, and tells when there is more', () => {
    const desk = new LogDesk({ filter: 'line' });
    for (let index = 0; index < 60_000; index += 1) desk.add(`line ${index}`, { service: `s${index % 3}` });
    let told = 0;
    const end = desk.index.subscribe(() => {
      told += 1;
    });
    const first = desk.index.show(desk.view, undefined);
    expect(first.searching).toBe(true);
    expect(first.lines.length).toBeLessThan(30_000);
    expect(first.lines.upTo(undefined, 3).map(textOf)).toEqual(['line 59997', 'line 59998', 'line 59999']);
    while (desk.index.show(desk.view, undefined).searching) desk.clock.advance(1);
    desk.clock.advance(1);
    // Of the first slice and of the last: those in between took less than 100 ms.
    expect(told).toBe(2);
    expect(desk.clock.pending()).toBe(0);
    expect(desk.index.show(desk.view, undefined).lines.length).toBe(60_000);
    end();
  });

  it.each([
    ['a text that few lines contain', 'needle', undefined],
    ['a text where lines are JSON', 'needle one', '{"msg":"needle one"}'],
  ])('passes over what does not contain %s, and misses nothing', (_, filter, extra) => {
    const desk = new LogDesk({ filter });
    for (let index = 0; index < 20_000; index += 1) {
      desk.add(index % 7000 === 0 ? `a needle one ${index}` : `line ${index}`);
      if (index === 9000)
        desk.append('Error: with a stack', '    at the needle one (file.ts:1:2)', '    at another (file.ts:3:4)');
      if (index === 15_000 && extra) desk.append(extra);
    }
    while (desk.index.show(desk.view, undefined).searching) desk.clock.advance(1);
    expect(desk.index.show(desk.view, undefined).lines.upTo(undefined, 100).map(textOf)).toEqual([
      'a needle one 0',
      'a needle one 7000',
      'Error: with a stack',
      '    at the needle one (file.ts:1:2)',
      '    at another (file.ts:3:4)',
      'a needle one 14000',
      ...(extra ? [extra] : []),
    ]);
  });

  it('has no timer when all was searched in one slice', () => {
    const desk = new LogDesk({ filter: 'line' }).append('line 1');
    desk.index.show(desk.view, undefined);
    expect(desk.clock.pending()).toBe(0);
  });

  it('begins anew when more lines came than one frame can search', () => {
    const desk = new LogDesk({ filter: '7' }).append('7 first');
    expect(desk.shown()).toEqual(['7 first']);
    for (let index = 0; index < 50_000; index += 1) desk.add(index % 10_000 === 0 ? '7 again' : 'x');
    expect(desk.index.show(desk.view, undefined).searching).toBe(true);
    expect(desk.shown()).toEqual(['7 first', ...Array.from({ length: 5 }, () => '7 again')]);
  });
});

describe('the index, kept up to date', () => {
  const numbers = (seed: number) => () => {
    // A linear congruential generator: the same numbers on every machine.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const samples = [
    'GET /api 200',
    'ERROR no answer',
    '    at f (a.js:1:1)',
    'WARN slow',
    '{"level":50,"msg":"GET"}',
    'x',
  ];
  const views: readonly Partial<LogView>[] = [
    {},
    { filter: 'get' },
    { filter: '!get' },
    { filter: 'a.js' },
    { levels: 'warnings' },
    { levels: 'warnings', filter: 'answer' },
    { filter: 'a.js', mode: 'all' },
    { filter: '!a.js', mode: 'all', levels: 'warnings' },
    { scope: 'selected', filter: 'x' },
  ];

  /** Of a group whose first line was dropped it matters when it was judged. */
  const isWhole = (desk: LogDesk) => {
    const oldest = Math.min(...desk.store.streams().map((stream) => stream.oldest));
    const cut = new Set(desk.store.streams().map((stream) => stream.groupAt(stream.first)));
    return ({ group }: { group: number }) => group >= oldest && !cut.has(group);
  };

  /** What a view must show, by going through everything. */
  function expected(desk: LogDesk, view: LogView) {
    const lines = desk.store
      .streams()
      .filter(({ origin }) => view.scope === 'all' || origin.service === 'backend')
      .flatMap((stream) =>
        Array.from({ length: stream.end - stream.first }, (_, index) => stream.lineAt(stream.first + index)),
      )
      .sort((a, b) => a.group - b.group || a.seq - b.seq);
    const groups = Map.groupBy(lines.filter(isWhole(desk)), ({ group }) => group);
    const wanted = view.filter.replace('!', '');
    const hitsOf = (texts: readonly string[]) => texts.filter((text) => wanted && text.toLowerCase().includes(wanted));
    return [...groups.values()].flatMap((group) => {
      const texts = group.map(({ text }) => text);
      const level = levelOf(texts[0] ?? '') ?? (texts.length > 1 ? 'error' : undefined);
      if (view.levels === 'warnings' && level !== 'error' && level !== 'warn') return [];
      const matches = view.filter.startsWith('!') ? hitsOf(texts).length === 0 : hitsOf(texts).length > 0;
      return view.filter === '' || view.mode === 'all' || matches ? group.map(({ seq }) => seq) : [];
    });
  }

  it.each(views.flatMap((view) => [1, 2, 3].map((seed) => [view, seed] as const)))(
    'shows with %j what a search of everything finds (%i)',
    (change, seed) => {
      const random = numbers(seed);
      const desk = new LogDesk(change, 40 * 1024);
      for (let round = 0; round < 40; round += 1) {
        const count = random() * 120;
        for (let index = 0; index < count; index += 1) {
          const text = samples[Math.floor(random() * samples.length)] ?? '';
          const pod = `pod-${Math.floor(random() * 3)}`;
          desk.add(`${text}`, { pod, service: random() < 0.5 ? 'backend' : 'frontend' });
        }
        desk.clock.advance(random() < 0.2 ? 1500 : 5);
        const { lines } = desk.index.show(desk.view, 'backend', random() < 0.5);
        const seqs = lines
          .after(undefined, lines.length)
          .filter((entry: LogEntry) => entry.kind === 'line')
          .filter(isWhole(desk))
          .map(({ seq }) => seq);
        expect(seqs).toEqual(expected(desk, desk.view));
      }
      expect(desk.store.dropped()).toBeGreaterThan(0);
    },
  );

  it('is the same merged from both sides, and counts what is after a place', () => {
    const desk = new LogDesk();
    for (let index = 0; index < 300; index += 1) desk.add(samples[index % 6] ?? '', { pod: `pod-${index % 7}` });
    const { lines } = desk.index.show(initialLogView, undefined);
    const all = lines.after(undefined, 1000);
    expect(lines.upTo(undefined, 1000)).toEqual(all);
    for (const [index, entry] of all.entries()) {
      expect(lines.countAfter(entry)).toBe(all.length - index - 1);
      expect(lines.upTo(entry, 1)).toEqual([entry]);
      expect(lines.after(entry, 1)).toEqual(all.slice(index + 1, index + 2));
    }
  });
});
