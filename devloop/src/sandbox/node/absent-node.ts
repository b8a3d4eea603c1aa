import { ApiError } from '../store/api-error.ts';
import type { NodeAccess } from './node-access.ts';

const absent = () => new ApiError(503, 'ServiceUnavailable', 'the sandbox runs no pods now');

/** Stands for the node of a sandbox that only holds objects. */
export const absentNode: NodeAccess & { readonly stop: () => Promise<void> } = {
  logs: () => Promise.reject(absent()),
  exec: () => Promise.reject(absent()),
  dial: () => Promise.reject(absent()),
  addressOf: () => undefined,
  stats: () => Promise.reject(absent()),
  stop: async () => {},
};
