import { isIP } from 'node:net';
import type { Service } from '../../objects.ts';
import type { FieldErrors } from './field-errors.ts';
import { GoText } from './go-value.ts';
import { validateLabels } from './metadata.ts';
import { dns1123Label, dns1123Subdomain, portName, portNumber } from './names.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const protocols = ['SCTP', 'TCP', 'UDP'];

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/validation/validation.go */
export function validateService({ spec }: Service, errors: FieldErrors): void {
  const { ports = [], clusterIP = '' } = spec;
  const headless = clusterIP === 'None';
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.required('spec.ports');
  if (spec.type === 'ExternalName') validateExternalName(spec, errors);
  if ((spec.type === 'NodePort' || spec.type === 'LoadBalancer') && headless)
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  validatePorts(ports, headless || ports.length < 2, errors);
  if (spec.selector) validateLabels(spec.selector, 'spec.selector', errors);
  if (!affinities.includes(spec.sessionAffinity ?? ''))
    errors.notSupported('spec.sessionAffinity', spec.sessionAffinity ?? '', affinities);
  if (!types.includes(spec.type ?? '')) errors.notSupported('spec.type', spec.type ?? '', types);
  if (clusterIP && !headless && spec.type !== 'ExternalName' && !isIP(clusterIP))
    errors.invalid('spec.clusterIPs[0]', clusterIP, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
  for (const [index, address] of (spec.externalIPs ?? []).entries())
    if (!isIP(address))
      errors.invalid(`spec.externalIPs[${index}]`, address, 'must be a valid IP address, (e.g. 10.9.8.7)');
  if (spec.type === 'ClusterIP')
    for (const [index, { nodePort }] of ports.entries())
      if (nodePort) errors.forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
}

function validateExternalName({ clusterIP, externalName }: Service['spec'], errors: FieldErrors): void {
  if (clusterIP) errors.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
  if (externalName)
    errors.invalidFor('spec.externalName', externalName, dns1123Subdomain(externalName.replace(/\.$/, '')));
  else errors.required('spec.externalName');
}

function validatePorts(ports: NonNullable<Service['spec']['ports']>, unnamed: boolean, errors: FieldErrors): void {
  const names = new Set<string>();
  const taken = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    if (!port.name) {
      if (!unnamed || ports.length > 1) errors.required(`${at}.name`);
    } else {
      errors.invalidFor(`${at}.name`, port.name, dns1123Label(port.name));
      if (names.has(port.name)) errors.duplicate(`${at}.name`, port.name);
      names.add(port.name);
    }
    errors.invalidFor(`${at}.port`, port.port ?? 0, portNumber(port.port ?? 0));
    if (!protocols.includes(port.protocol ?? '')) errors.notSupported(`${at}.protocol`, port.protocol ?? '', protocols);
    if (typeof port.targetPort === 'string')
      errors.invalidFor(`${at}.targetPort`, port.targetPort, portName(port.targetPort));
    else errors.invalidFor(`${at}.targetPort`, port.targetPort ?? 0, portNumber(Number(port.targetPort ?? 0)));
  }
  for (const [index, { protocol, port }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    if (taken.has(key))
      errors.duplicate(
        `spec.ports[${index}]`,
        new GoText(
          `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
        ),
      );
    taken.add(key);
  }
}

/** What a Service may not change once it has it. */
export function validateServiceUpdate(before: Service, after: Service, errors: FieldErrors): void {
  const had = before.spec.clusterIP;
  if (had && before.spec.type !== 'ExternalName' && after.spec.type !== 'ExternalName' && had !== after.spec.clusterIP)
    errors.invalid('spec.clusterIPs[0]', [after.spec.clusterIP ?? ''], 'may not change once set');
}
