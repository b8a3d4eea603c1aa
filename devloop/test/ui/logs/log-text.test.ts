import { describe, expect, it } from '@jest/globals';
import { isoTime } from '../../../src/lib/time-text.ts';
import { shownLogText, visibleLogText } from '../../../src/ui/logs/log-text.ts';
import { startTime } from '../../support/sample.ts';
import { LogDesk } from './support.ts';

const time = isoTime(startTime);

describe('the logs as text', () => {
  const desk = () => {
    const full = new LogDesk();
    full.add('built', { source: 'build' });
    full.add('{"level":30,"time":1,"msg":"up","port":80}', { pod: 'backend-1', container: 'backend' });
    full.add('GET /', { pod: 'backend-1', container: 'proxy' });
    full.press('marker');
    full.add('hello', { service: 'frontend', pod: 'frontend-1', container: 'frontend' });
    return full;
  };

  it('have the time, where they come from, and what the view shows', () => {
    const { view, context } = desk();
    expect(shownLogText(view, context)).toBe(
      [
        `${time} backend │ built`,
        `${time} backend/backend-1 │ INFO up port=80`,
        `${time} backend/backend-1/proxy │ GET /`,
        '── 14:03:20 ──',
        `${time} frontend/frontend-1 │ hello`,
        '',
      ].join('\n'),
    );
  });

  it('are those of the filter and the scope, raw when the view is', () => {
    const { view, context } = desk();
    expect(shownLogText({ ...view, filter: 'port', raw: true, markers: [] }, context)).toBe(
      `${time} backend/backend-1 │ {"level":30,"time":1,"msg":"up","port":80}\n`,
    );
    expect(shownLogText({ ...view, scope: 'selected', filter: 'hello', markers: [] }, context)).toBe('');
  });

  it('are whole lines, all of them or those in the window', () => {
    const full = new LogDesk();
    full.columns = 60;
    for (let index = 0; index < 3000; index += 1) full.add(`line ${index} ${'x'.repeat(100)}`);
    const all = shownLogText(full.view, full.context).split('\n');
    expect(all).toHaveLength(3001);
    expect(all[2999]).toBe(`${time} backend │ line 2999 ${'x'.repeat(100)}`);
    expect(visibleLogText(full.view, full.context)).toBe(`${all.slice(2995, 3000).join('\n')}\n`);
    full.press('oldest');
    expect(visibleLogText(full.view, full.context)).toBe(`${all.slice(0, 5).join('\n')}\n`);
  });
});
