import net from 'node:net';
import process from 'node:process';
import type { Route } from './route.ts';

interface Target {
  readonly host: string;
  readonly port: number;
  /** The arguments with another port of 127.0.0.1 in place of the target. */
  readonly replaced: (port: number) => unknown[];
}

/** Where `connect` is to go; undefined for a pipe. Node passes itself a list that holds the options first. */
function targetOf(args: unknown[]): Target | undefined {
  const [first, second] = args;
  if (Array.isArray(first)) {
    const options: unknown = first[0];
    const inner = optionsTarget(options);
    return (
      inner && {
        ...inner,
        replaced: (port) => {
          // The list itself stays: Node marks it with a symbol of its own.
          first[0] = redirected(options, port);
          return args;
        },
      }
    );
  }
  if (typeof first === 'object') {
    const inner = optionsTarget(first);
    return inner && { ...inner, replaced: (port) => [redirected(first, port), ...args.slice(1)] };
  }
  if (!/^\d+$/.test(String(first))) return undefined;
  const hasHost = typeof second === 'string';
  return {
    host: hasHost ? second : 'localhost',
    port: Number(first),
    replaced: (port) => [port, '127.0.0.1', ...args.slice(hasHost ? 2 : 1)],
  };
}

function optionsTarget(options: unknown): Pick<Target, 'host' | 'port'> | undefined {
  const { host, port, path } = (options ?? {}) as { host?: unknown; port?: number | string; path?: string };
  if (path || port === undefined || port === null) return undefined;
  return { host: typeof host === 'string' && host ? host : 'localhost', port: Number(port) };
}

const redirected = (options: unknown, port: number) => ({ ...(options as object), host: '127.0.0.1', port });

function refusal(host: string, port: number): Error {
  const error = new Error(`connect ECONNREFUSED ${host}:${port}`);
  return Object.assign(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port });
}

/** Sends connections to services and pods of the sandbox to the ports that stand for them. */
export function patchConnect(route: (host: string, port: number) => Route): void {
  const { connect } = net.Socket.prototype;

  function patched(this: net.Socket, ...args: unknown[]): net.Socket {
    const target = targetOf(args);
    const found = target && route(target.host, target.port);
    if (!target || found === undefined) return Reflect.apply(connect, this, args);
    if (found !== 'refused') return Reflect.apply(connect, this, target.replaced(found));
    // What is written before the refusal waits, as on a connection that is being made.
    Object.assign(this, { connecting: true });
    process.nextTick(() => this.destroy(refusal(target.host, target.port)));
    return this;
  }
  net.Socket.prototype.connect = patched as typeof connect;
}
