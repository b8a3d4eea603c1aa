import { whyNotReady } from '../../lib/backend.ts';

export const dynamic = 'force-dynamic';

const TIMEOUT_MS = 1000;

export async function GET(): Promise<Response> {
  const reason = await whyNotReady(TIMEOUT_MS);
  return reason
    ? Response.json({ status: 'unavailable', reason }, { status: 503 })
    : Response.json({ status: 'ready' });
}
