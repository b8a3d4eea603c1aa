/** Shorter values are not hidden: `true`, `5432` and `admin` would take half of each log with them. */
const shortest = 6;
/** Of base64, so many characters are needed before they can be told from other text. */
const shortestEncoded = 8;
/** A longer value is a file, whose lines are hidden one by one; this many of them at the most. */
const linesHidden = 200;

const isPublic = /^-----BEGIN (TRUSTED )?(CERTIFICATE|PUBLIC KEY|X509 CRL)/;

/**
 * The texts that would show a secret value: the value itself, its lines, and how JSON, a URL or base64 write it, in base64
 * also within something longer, as `user:password` is. Nothing of a short value, and nothing of a certificate, which is
 * public.
 */
export function hiddenTexts(value: string): string[] {
  const trimmed = value.trim();
  if (trimmed.length < shortest || isPublic.test(trimmed)) return [];
  const lines = trimmed
    .split(/\r?\n/)
    .slice(0, linesHidden)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && !line.startsWith('-----'));
  const whole = lines.length > 1 ? [trimmed] : [];
  const plain = [...whole, ...lines].flatMap((text) => [text, asJson(text), asUrl(text)]);
  const encoded = [trimmed, value].flatMap((text) => [
    Buffer.from(text).toString('base64'),
    ...[0, 1, 2].map((before) => asBase64(text, before)),
  ]);
  const forUrls = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...plain, ...[...encoded, ...forUrls].filter((text) => text.length >= shortestEncoded)])];
}

const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const asUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

/** What base64 makes of a text whatever stands around it. @param before bytes ahead of it, as 3 of them are written in one */
function asBase64(text: string, before: number): string {
  const bytes = Buffer.from(text);
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const first = Math.ceil((before * 4) / 3);
  // The last character holds bits of what follows, unless the text ends with it.
  const isWhole = (before + bytes.length) % 3 === 0;
  return encoded.slice(first, isWhole ? undefined : -1);
}
