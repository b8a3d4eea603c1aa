import type { Clock } from '../../../model/clock.ts';
import type { Faults } from '../../faults.ts';
import type { NodeAccess } from '../../node/node-access.ts';
import { ApiError } from '../../store/api-error.ts';
import type { PodStreams } from '../parts.ts';
import { exec } from './exec.ts';
import { answerLog } from './log-answer.ts';
import { logQueryOf } from './log-query.ts';
import { portForward } from './port-forward.ts';
import { proxy } from './proxy.ts';
import { refuseWithStatus } from './status-answer.ts';

/** A container's process has no terminal and no standard input here that somebody could take over. */
const noAttach = new ApiError(405, 'MethodNotAllowed', 'the sandbox does not support attach; use exec or logs');

/** What the streams need of the rest of the sandbox. */
export interface StreamsOptions {
  readonly node: NodeAccess;
  readonly faults: Faults;
  readonly clock: Clock;
}

/**
 * The streaming subresources of a pod. Everything that they start ends with the connection of its request, so that the
 * API server closes them by destroying its sockets.
 *
 * `log` and `proxy` throw ApiError before they have answered; `exec` and `portForward` answer on the socket themselves.
 * A promise settles when the stream is over.
 */
export function createStreams({ node, faults, clock }: StreamsOptions): PodStreams {
  return {
    log: async (_request, response, pod, url) => {
      const query = logQueryOf(pod, url, clock.now());
      // As in Kubernetes: what no node has taken has no log, and that is no error.
      if (!pod.spec.nodeName) response.writeHead(204).end();
      else await answerLog(await node.logs(pod, query), response, faults);
    },
    proxy: (request, response, pod, port, path) => proxy(node, request, response, pod, port, path),
    exec: (request, socket, head, pod, url) => exec(node, clock, { request, socket, head }, pod, url),
    portForward: (request, socket, head, pod, url) =>
      portForward({ node, faults, clock }, { request, socket, head }, pod, url),
    attach: (socket) => {
      socket.on('error', () => socket.destroy());
      refuseWithStatus(socket, noAttach);
    },
  };
}
