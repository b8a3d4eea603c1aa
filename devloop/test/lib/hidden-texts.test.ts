import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hiddenTexts } from '../../src/lib/hidden-texts.ts';
import { TextMask } from '../../src/lib/text-mask.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const maskOf = (...values: readonly string[]) => new TextMask(values.flatMap(hiddenTexts));

describe('a secret value', () => {
  it.each<[string, string, string]>([
    ['itself', 'hunter2', 'password hunter2'],
    ['in base64', 'hunter2', base64('hunter2')],
    ['in base64 with a newline, as `echo` makes it', 'hunter2\n', base64('hunter2\n')],
    ['in base64 after a name', 'hunter2-and-more', base64('admin:hunter2-and-more')],
    ['in base64 after another name', 'hunter2-and-more', base64('root:hunter2-and-more')],
    ['in base64 of a URL', '??>>??>>', Buffer.from('??>>??>>').toString('base64url')],
    ['in JSON', 'say "hunter2"', JSON.stringify({ password: 'say "hunter2"' })],
    ['in a URL', 'p@ss/word', `postgres://app:${encodeURIComponent('p@ss/word')}@db`],
  ])('is hidden %s', (_, value, text) => {
    const masked = maskOf(value).mask(text);
    expect(masked).toContain('********');
    expect(masked).not.toContain(value.trim());
    expect(masked).not.toContain(base64(value.trim()).slice(0, -4));
  });

  it('is hidden line by line', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n';
    const mask = maskOf(key);
    expect(mask.mask('MIIEvQIBADANBg')).toBe('********');
    expect(mask.mask('  kqhkiG9w0BAQEF')).toBe('  ********');
    expect(mask.mask('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  it.each([
    ['short', 'true'],
    ['a number of a port', '5432'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBg\n-----END CERTIFICATE-----'],
    ['nothing but space', '         '],
  ])('stays when it is %s', (_, value) => {
    expect(hiddenTexts(value)).toEqual([]);
  });

  it('is never shown, whatever it is and whatever is around it', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 6, maxLength: 30 })
      .filter((text) => text.trim().length >= 6);
    const around = fc.string({ maxLength: 10 });
    fc.assert(
      fc.property(value, around, around, (secret, before, after) => {
        const mask = maskOf(secret);
        const plain = mask.mask(before + secret.trim() + after);
        // What is around it may be the beginning of it too.
        return plain.includes('********') && mask.mask(base64(secret)).includes('********');
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});
