/** A resource quantity as an exact number of nano units. */
interface Quantity {
  readonly nano: bigint;
  readonly family: 'binary' | 'decimal' | 'exponent';
}

const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const decimalSuffixes = Object.entries(decimalPowers).reverse();
const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nanoOfOne = 1_000_000_000n;
const form = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** What Kubernetes says of a text that is none. https://github.com/kubernetes/apimachinery/blob/v0.20.2/pkg/api/resource/quantity.go */
export const quantityForm =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function parse(value: string | number): Quantity | undefined {
  const match = form.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const binary = binarySuffixes.indexOf(suffix);
  const exponent = /^[eE]/.test(suffix) && suffix.length > 1;
  const power = binary >= 0 ? 0 : exponent ? Number(suffix.slice(1)) : (decimalPowers[suffix] ?? 0);
  const factor = binary >= 0 ? 1024n ** BigInt(binary + 1) : 1n;
  const tens = power + 9 - fraction.length;
  const scaled = digits * factor;
  // What is finer than a nano unit is rounded up, as Kubernetes does.
  const divisor = 10n ** BigInt(Math.max(-tens, 0));
  const amount = tens >= 0 ? scaled * 10n ** BigInt(tens) : (scaled + divisor - 1n) / divisor;
  const family = binary >= 0 ? 'binary' : exponent ? 'exponent' : 'decimal';
  return { nano: sign === '-' ? -amount : amount, family };
}

/** The number that a quantity means: `250m` is 0.25, `1Ki` 1024. NaN for what is none. */
export const quantityValue = (value: string | number): number => Number(parse(value)?.nano ?? Number.NaN) / 1e9;

export const isQuantity = (value: string | number): boolean => parse(value) !== undefined;

/** @returns negative, 0 or positive; what is no quantity counts as 0 */
export function compareQuantities(one: string | number, other: string | number): number {
  const difference = (parse(one)?.nano ?? 0n) - (parse(other)?.nano ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * The form in which the API server stores a quantity: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`. What is none
 * comes back as it is, for validation to refuse.
 */
export function canonicalQuantity(value: string | number): string {
  const quantity = parse(value);
  if (!quantity) return String(value);
  const { nano, family } = quantity;
  if (nano === 0n) return '0';
  const magnitude = nano < 0n ? -nano : nano;
  if (family === 'binary' && magnitude >= 1024n * nanoOfOne && nano % nanoOfOne === 0n) return binaryText(nano);
  if (family === 'exponent') return exponentText(nano);
  return decimalText(nano);
}

function binaryText(nano: bigint): string {
  let amount = nano / nanoOfOne;
  let suffix = '';
  for (const next of binarySuffixes) {
    if (amount % 1024n !== 0n) break;
    amount /= 1024n;
    suffix = next;
  }
  return `${amount}${suffix}`;
}

function decimalText(nano: bigint): string {
  for (const [suffix, power] of decimalSuffixes) {
    const unit = 10n ** BigInt(power + 9);
    if (nano % unit === 0n) return `${nano / unit}${suffix}`;
  }
  return `${nano}n`;
}

function exponentText(nano: bigint): string {
  for (let power = 18; power >= -9; power -= 3) {
    const unit = 10n ** BigInt(power + 9);
    if (nano % unit === 0n) return power === 0 ? `${nano / unit}` : `${nano / unit}e${power}`;
  }
  return `${nano}e-9`;
}
