import type { Socket } from 'node:net';

/** Milliseconds of silence after which the kernel asks the other machine whether it is there; ten more seconds, and it is not. */
const keepAliveMs = 10_000;
/** A log that says nothing and a machine that has gone look the same otherwise. */
export const keepAlive = (socket: Socket): unknown => socket.setKeepAlive(true, keepAliveMs);
