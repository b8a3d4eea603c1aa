import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listenOnLoopback, portFault } from '../../src/adapters/loopback/listen.ts';
import { portOwner } from '../../src/adapters/loopback/port-owner.ts';
import { faultOf } from '../fakes/fault-of.ts';

let other: Server;
let port = 0;
beforeEach(async () => {
  other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  port = (other.address() as AddressInfo).port;
});
afterEach(async () => {
  if (other.listening) await new Promise((resolve) => other.close(resolve));
});

describe('a port that is taken', () => {
  it('is told with its owner', async () => {
    const { problem, exitCode } = await faultOf(listenOnLoopback(port, 'backend'));
    expect(exitCode).toBe(3);
    expect(problem.title).toBe(`Port ${port} for backend is taken`);
    expect(problem.why).toMatch(new RegExp(`^.+ \\(pid ${process.pid}\\) listens on it$`));
    expect(problem.fix).toBe('Stop that program, or give services.backend.ports another local port.');
  });

  it('has an owner', async () => {
    expect(await portOwner(port)).toMatch(new RegExp(`\\(pid ${process.pid}\\)$`));
  });
});

describe('a port that cannot be bound', () => {
  const errorOf = (code: string) => Object.assign(new Error(`listen ${code}: 127.0.0.1`), { code });

  it.each([
    [80, 'EACCES', undefined, 'the system keeps it for root: this user may not listen on it'],
    [4000, 'EADDRNOTAVAIL', undefined, 'listen EADDRNOTAVAIL: 127.0.0.1'],
  ])('(%i, %s) is told apart from one that is taken', (number, code, owner, why) => {
    const { problem } = portFault(number, 'web', errorOf(code), owner);
    expect([problem.title, problem.why]).toEqual([`Port ${number} for web cannot be used`, why]);
    expect(problem.fix).toMatch(/^Give services\.web\.ports another local port(, from 1024 up)?\.$/);
  });

  it('by a program that cannot be told is taken all the same', () => {
    expect(portFault(80, 'web', errorOf('EADDRINUSE'), undefined).problem.why).toBe('another program listens on it');
  });
});

describe('a port that is free', () => {
  it('is bound on the loopback only', async () => {
    await new Promise((resolve) => other.close(resolve));
    const server = await listenOnLoopback(port, 'backend');
    try {
      expect(server.address()).toMatchObject({ address: '127.0.0.1', port });
      expect(server.listenerCount('error')).toBe(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('has no owner', async () => {
    await new Promise((resolve) => other.close(resolve));
    expect(await portOwner(port)).toBeUndefined();
  });
});
