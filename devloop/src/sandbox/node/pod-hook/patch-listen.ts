import cluster from 'node:cluster';
import net from 'node:net';
import process from 'node:process';
import type { PortClaims } from './port-claims.ts';
import type { HookSettings } from './settings.ts';

interface Asked {
  readonly port: number;
  readonly host: string | undefined;
  readonly options: net.ListenOptions;
}
type Callback = () => void;
interface Handle {
  close: (...args: unknown[]) => unknown;
  getsockname?: (out: { port?: number }) => unknown;
}
type ListeningServer = net.Server & { _handle?: Handle | null };

const isLoopback = (host: string | undefined) =>
  host !== undefined && (host === 'localhost' || host === '::1' || host.startsWith('127.'));
const isPort = (value: unknown) => /^\d{1,5}$/.test(String(value)) && Number(value) < 65_536;
/** Node takes no port, or nothing in place of one, as any that is free. */
const isAbsent = (value: unknown) => value === undefined || value === null || typeof value === 'function';

/** What `listen` was asked for, with 0 for any port; undefined for a pipe, a file descriptor, or what Node refuses itself. */
function askedOf(args: readonly unknown[]): Asked | undefined {
  const [first, second, third] = args;
  if (typeof first === 'object' && first !== null) {
    const options = first as net.ListenOptions & { fd?: number; _handle?: unknown };
    if (options.path !== undefined || options.fd !== undefined || options._handle !== undefined) return undefined;
    // The primary of a cluster says null for no host.
    const host = typeof options.host === 'string' ? options.host : undefined;
    const port = 'port' in options && isAbsent(options.port) ? 0 : options.port;
    return isPort(port) ? { port: Number(port), host, options } : undefined;
  }
  if (!isPort(first) && !isAbsent(first)) return undefined;
  const host = typeof second === 'string' ? second : undefined;
  const backlog = [second, third].find((value) => typeof value === 'number');
  return { port: isPort(first) ? Number(first) : 0, host, options: backlog === undefined ? {} : { backlog } };
}

function addressInUse(host: string, port: number): Error {
  const error = new Error(`listen EADDRINUSE: address already in use ${host}:${port}`);
  return Object.assign(error, { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: host, port });
}

/**
 * Makes servers listen on a free port of 127.0.0.1 in place of the port that they ask for, and tells the node which.
 * `address()` still says what was asked for.
 */
export function patchListen(settings: HookSettings, claims: PortClaims): void {
  const { listen, address } = net.Server.prototype;
  const shown = new WeakMap<net.Server, net.AddressInfo>();

  function patched(this: ListeningServer, ...args: unknown[]): net.Server {
    const asked = this.listening ? undefined : askedOf(args);
    if (!asked) return Reflect.apply(listen, this, args);
    const host = asked.host || '::';
    const family = host.includes(':') ? 'IPv6' : 'IPv4';
    if (asked.port > 0) shown.set(this, { address: host, family, port: asked.port });
    // A worker of a cluster asks its primary, whose own server comes through here.
    if (cluster.isWorker) return Reflect.apply(listen, this, args);
    let port = settings.reserved[asked.port] ?? asked.port;
    const loopback = isLoopback(asked.host);
    if (port > 0 && !claims.take(port, loopback)) {
      process.nextTick(() => this.emit('error', addressInUse(host, asked.port)));
      return this;
    }
    this.prependOnceListener('listening', () => {
      const real = realPort(this);
      if (asked.port === 0) {
        // Any free port is the pod's port of that number, unless the pod has it already.
        shown.set(this, { address: host, family, port: real });
        if (!claims.take(real, loopback)) return;
        port = real;
      }
      claims.publish(port, real, loopback);
      // Not the event `close`: the primary of a cluster takes the handle off its server.
      const handle = this._handle;
      if (!handle) return;
      const { close, getsockname } = handle;
      // A worker takes another port than the one it asked for as a failure.
      if (getsockname && asked.port > 0) {
        handle.getsockname = (out) => {
          const error = Reflect.apply(getsockname, handle, [out]);
          out.port = asked.port;
          return error;
        };
      }
      handle.close = (...all) => {
        claims.release(port);
        return Reflect.apply(close, handle, all);
      };
    });
    this.once('close', () => claims.release(port));
    const { ipv6Only: _ipv6Only, ...options } = asked.options;
    const callback = args.findLast((value): value is Callback => typeof value === 'function');
    const all = [{ ...options, port: 0, host: '127.0.0.1' }, ...(callback ? [callback] : [])];
    return Reflect.apply(listen, this, all);
  }

  const realPort = (server: net.Server): number => {
    const info = Reflect.apply(address, server, []);
    return info && typeof info === 'object' ? info.port : 0;
  };
  net.Server.prototype.listen = patched as typeof listen;
  net.Server.prototype.address = function (this: net.Server) {
    const real = Reflect.apply(address, this, []);
    return real && typeof real === 'object' ? (shown.get(this) ?? real) : real;
  };
}
