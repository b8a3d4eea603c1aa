import http from 'node:http';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two tries: at first, by how much longer each time, and at the most. */
const firstInterval = 3;
const growth = 1.2;
const longestInterval = 25;

/**
 * Resolves to true when something listens on the port of this machine, to false after `timeout` ms or on abort.
 * @param path when not empty, what listens has to answer a GET of it with a status of 200 to 399, as for a probe
 */
export async function awaitListening(
  port: number,
  path: string,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + timeout;
  for (let interval = firstInterval; ; interval = Math.min(interval * growth, longestInterval)) {
    if (signal.aborted) return false;
    const left = Math.max(1, end - performance.now());
    const answers =
      (await asks('127.0.0.1', port, path, left, signal)) || (await asks('::1', port, path, left, signal));
    if (signal.aborted) return false;
    if (answers) return true;
    if (performance.now() >= end) return false;
    await sleep(interval);
  }
}

/** A request costs many times what a connection does, which is all that most tries need. */
async function asks(host: string, port: number, path: string, timeout: number, signal: AbortSignal): Promise<boolean> {
  if (!(await connects(host, port, timeout, signal))) return false;
  return path === '' || passes(host, port, path, timeout, signal);
}

function passes(host: string, port: number, path: string, timeout: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = http.get({ host, port, path, headers: { host: 'localhost' }, agent: false, timeout, signal });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.on('response', (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      resolve(statusCode >= 200 && statusCode < 400);
    });
  });
}

function connects(host: string, port: number, timeout: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    const end = (answer: boolean) => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    const giveUp = () => end(false);
    signal.addEventListener('abort', giveUp);
    socket.setTimeout(timeout, giveUp);
    socket.on('error', giveUp);
    socket.once('connect', () => end(true));
  });
}
