import type { Container, Probe } from '../../objects.ts';
import type { FieldErrors } from './field-errors.ts';
import { portName, portNumber } from './names.ts';

type Handler = NonNullable<NonNullable<Container['lifecycle']>['postStart']> & Pick<Probe, 'grpc'>;

const kinds = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;
const schemes = ['HTTP', 'HTTPS'];
const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** @param single true when one success has to be enough */
export function validateProbe(probe: Probe | undefined, at: string, single: boolean, errors: FieldErrors): void {
  if (!probe) return;
  validateHandlers(probe, at, errors);
  for (const count of counts) {
    const value = probe[count] ?? 0;
    if (value < 0) errors.invalid(`${at}.${count}`, value, 'must be greater than or equal to 0');
  }
  if (single && (probe.successThreshold ?? 1) !== 1)
    errors.invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1');
}

/** Exactly one way to act, with what it needs. */
export function validateHandlers(handler: Handler, at: string, errors: FieldErrors): void {
  const given = kinds.filter((kind) => handler[kind]);
  if (given.length === 0) {
    errors.required(at, 'must specify a handler type');
    return;
  }
  for (const extra of given.slice(1)) errors.forbidden(`${at}.${extra}`, 'may not specify more than 1 handler type');
  const [kind] = given;
  if (kind === 'exec' && !handler.exec?.command?.length) errors.required(`${at}.exec.command`);
  if (kind === 'tcpSocket') validatePort(handler.tcpSocket?.port, `${at}.tcpSocket.port`, errors);
  if (kind !== 'httpGet' || !handler.httpGet) return;
  const { path, port, scheme = '', httpHeaders = [] } = handler.httpGet;
  if (!path) errors.required(`${at}.httpGet.path`);
  validatePort(port, `${at}.httpGet.port`, errors);
  if (!schemes.includes(scheme)) errors.notSupported(`${at}.httpGet.scheme`, scheme, schemes);
  for (const { name } of httpHeaders)
    if (!/^[-A-Za-z0-9]+$/.test(name))
      errors.invalid(
        `${at}.httpGet.httpHeaders`,
        name,
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      );
}

function validatePort(port: unknown, field: string, errors: FieldErrors): void {
  if (typeof port === 'string') errors.invalidFor(field, port, portName(port));
  else errors.invalidFor(field, port ?? 0, portNumber(Number(port ?? 0)));
}
