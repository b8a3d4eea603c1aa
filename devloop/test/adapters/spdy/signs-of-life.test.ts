import { describe, expect, it } from '@jest/globals';
import { SignsOfLife } from '../../../src/adapters/kubernetes/spdy/signs-of-life.ts';

type Step = 'beat' | 'heard' | 'sent' | 'rest';
const beats = (count: number): Step[] => Array(count).fill('beat');

/** What each beat has the session do. */
function play(steps: readonly Step[], unanswered = 0): string[] {
  const signs = new SignsOfLife();
  const done: string[] = [];
  for (const step of steps) {
    if (step !== 'beat') signs[step]();
    else {
      const { ping, doubtful, lost } = signs.beat(unanswered);
      done.push([ping && 'ping', doubtful && 'doubtful', lost && 'lost'].filter(Boolean).join(' ') || '-');
    }
  }
  return done;
}

describe('a far side', () => {
  it.each<[string, Step[], string[]]>([
    ['is pinged after a beat of silence', beats(2), ['-', 'ping']],
    ['is doubtful when a ping has no answer for a beat', beats(3), ['-', 'ping', 'ping doubtful']],
    ['is gone when it has none for three', beats(5), ['-', 'ping', 'ping doubtful', 'ping doubtful', 'doubtful lost']],
    ['that talks is not pinged', ['beat', 'heard', 'beat', 'heard', 'beat'], ['-', '-', '-']],
    [
      'that answers late is as good as new',
      [...beats(4), 'heard', ...beats(4)],
      ['-', 'ping', 'ping doubtful', 'ping doubtful', '-', 'ping', 'ping doubtful', 'ping doubtful'],
    ],
    [
      'that takes what waits is not gone',
      [...beats(4), 'sent', ...beats(2), 'sent', ...beats(3)],
      ['-', ...['ping', 'ping doubtful', 'ping doubtful'], ...Array(4).fill('ping doubtful'), 'doubtful lost'],
    ],
    [
      'has nothing to answer after a rest',
      [...beats(4), 'rest', ...beats(2)].slice(0) as Step[],
      ['-', 'ping', 'ping doubtful', 'ping doubtful', '-', 'ping'],
    ],
  ])('%s', (_, steps, expected) => {
    expect(play(steps)).toEqual(expected);
  });

  it.each([
    [0, 3],
    [40, 3],
    [41, 15],
    [5000, 15],
  ])('that has left %i frames without an answer is gone after %i beats with a ping', (unanswered, patience) => {
    expect(play(beats(30), unanswered).findIndex((done) => done.includes('lost'))).toBe(1 + patience);
  });
});
