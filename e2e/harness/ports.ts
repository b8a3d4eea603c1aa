import net from 'node:net';

/** Listens on a port of 127.0.0.1, so that nobody else can; the result ends it. Rejects when it is taken. */
export function occupy(port: number): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}

/** Fails when a port that devloop is to forward is already in use: no scenario could tell whose answer it got. */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const release = await occupy(port).catch(() => {
      throw new Error(
        `Port ${port} of 127.0.0.1 is in use. Stop what listens there (another devloop?) and run this again.`,
      );
    });
    await release();
  }
}

/**
 * Ports that are free now, and that no other process of scenarios picks meanwhile. They lie below those that the
 * system gives to connections.
 */
export async function freePorts(count: number): Promise<number[]> {
  block ??= claimBlock();
  const guard = await block;
  const found: number[] = [];
  for (let port = guard + 1; found.length < count; port += 1) {
    if (port >= guard + blockSize) throw new Error(`No ${count} ports are free from ${guard} on`);
    const release = await occupy(port).catch(() => undefined);
    if (!release) continue;
    await release();
    found.push(port);
  }
  return found;
}

const blockSize = 50;
const blocks = 240;
let block: Promise<number> | undefined;

/** A block of ports is this process's own while it listens on the first of them. */
async function claimBlock(): Promise<number> {
  for (let tries = 0; tries < blocks; tries += 1) {
    const guard = 20_000 + ((process.pid + tries) % blocks) * blockSize;
    const server = net.createServer().unref();
    const isOurs = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(guard, '127.0.0.1', () => resolve(true));
    });
    if (isOurs) return guard;
  }
  throw new Error('All blocks of ports are taken');
}
