/** Where a runner listens: on the first that is free, as the containers of a pod share its ports. */
export const runnerPorts: readonly number[] = Array.from({ length: 10 }, (_, index) => 49_210 + index);
