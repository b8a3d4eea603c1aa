import { describe, expect, it } from '@jest/globals';
import { TextMask } from '../../src/lib/text-mask.ts';

describe('a mask', () => {
  it.each<[string, readonly string[], string, string]>([
    ['nothing', [], 'token hunter2', 'token hunter2'],
    ['a value in the middle', ['hunter2'], 'token hunter2!', 'token ********!'],
    ['a value at the start', ['hunter2'], 'hunter2 is it', '******** is it'],
    ['a value at the end', ['hunter2'], 'it is hunter2', 'it is ********'],
    ['a value that is all', ['hunter2'], 'hunter2', '********'],
    ['the longest of those that begin alike', ['hunter2', 'hunter2000'], 'hunter2000 hunter2', '******** ********'],
    ['values side by side', ['hunter2', 'secret'], 'hunter2secret', '****************'],
    ['what begins within what does not match', ['aaab'], 'aaaab', 'a********'],
    ['what comes again', ['hunter2'], 'hunter2 hunter2', '******** ********'],
    ['not a part of a value', ['hunter2'], 'hunter', 'hunter'],
    ['text that is not ASCII', ['pässwörd'], 'ist pässwörd 😀', 'ist ******** 😀'],
    ['characters of regular expressions', ['a.b*c('], 'a.b*c( axbbc(', '******** axbbc('],
    ['nothing of an empty text', ['hunter2'], '', ''],
  ])('hides %s', (_, hidden, text, masked) => {
    expect(new TextMask(hidden).mask(text)).toBe(masked);
  });

  it('gives back the same text where nothing is hidden', () => {
    const text = 'a long line of a log';
    expect(new TextMask(['hunter2']).mask(text)).toBe(text);
  });
});
