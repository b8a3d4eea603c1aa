/** What devloop leaves in a container that it has changed, for as long as that runs. */
export interface Mark {
  /** The run of devloop. */
  readonly session: string;
  /** The newest edit in it. */
  readonly edit: number;
  /** A bundle of this machine has taken the place of the image's own program. */
  readonly isBundled: boolean;
}

export const writeMark = ({ session, edit, isBundled }: Mark): string =>
  `${session} ${edit} ${isBundled ? 'bundled' : 'files'}`;

export function readMark(text: string): Mark {
  const [session = '', edit, program] = text.split(' ');
  return { session, edit: Number(edit), isBundled: program === 'bundled' };
}
