import { connect } from 'node:net';
import type { Resolve } from './http-probe.ts';
import { failed, type ProbeResult, passed } from './probe-result.ts';

/** Opens a connection and closes it. @param timeout milliseconds */
export function probeTcp(host: string, port: number, timeout: number, resolve: Resolve): Promise<ProbeResult> {
  const address = resolve(host, port);
  const refused = failed(`dial tcp ${host}:${port}: connect: connection refused`);
  if (!address) return Promise.resolve(refused);
  return new Promise((done) => {
    const socket = connect(address);
    const end = (result: ProbeResult) => {
      socket.destroy();
      done(result);
    };
    socket.setTimeout(timeout, () => end(failed(`dial tcp ${host}:${port}: i/o timeout`)));
    socket.once('connect', () => end(passed));
    socket.once('error', () => end(refused));
  });
}
