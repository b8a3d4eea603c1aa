import type { Container, ContainerStatus } from '../../store/objects.ts';

type State = NonNullable<ContainerStatus['state']>;
export type Terminated = NonNullable<State['terminated']>;

/** What the node knows of a container: the source of its status. */
export interface ContainerRecord {
  readonly name: string;
  image: string;
  imageID: string;
  containerID: string;
  state: State;
  lastState: State;
  restartCount: number;
  /** What the startup probe says; true without one, once it runs. */
  started: boolean;
  /** What the readiness probe says; true without one. */
  passesReadiness: boolean;
}

export const newRecord = ({ name, image = '' }: Container, waiting: string, restartCount: number): ContainerRecord => ({
  name,
  image,
  imageID: '',
  containerID: '',
  state: { waiting: { reason: waiting } },
  lastState: {},
  restartCount,
  started: false,
  passesReadiness: false,
});

/** The status that the API shows. @param init an init container is ready when it has succeeded */
export function containerStatus(record: ContainerRecord, init: boolean): ContainerStatus {
  const { name, image, imageID, containerID, state, lastState, restartCount } = record;
  const started = state.running !== undefined && record.started;
  return {
    name,
    state,
    lastState,
    ready: init ? state.terminated?.exitCode === 0 : started && record.passesReadiness,
    restartCount,
    image,
    imageID,
    ...(containerID && { containerID }),
    ...(!init && { started }),
  };
}
