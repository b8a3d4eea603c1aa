import net from 'node:net';
import process from 'node:process';

/** Ends this process when the sandbox is gone, even when that was killed. It does not keep the process alive. */
export function holdLifeline(port: number): void {
  const end = () => process.kill(process.pid, 'SIGKILL');
  const socket = net.connect(port, '127.0.0.1');
  socket.unref();
  // Other errors than these say something about this process (no more files), not about the sandbox.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') end();
  });
  socket.on('end', end);
  socket.resume();
}
