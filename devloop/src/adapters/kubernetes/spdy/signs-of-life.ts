/** In beats of the session: a far side that says nothing for so long, though it was pinged, is gone. */
const silentBeats = 3;
/** As long as it may be held up by what it was sent. */
const heldUpBeats = 15;
/**
 * Frames that one side keeps for a pod that does not read, before it reads nothing any more: QUEUE_SIZE of
 * https://github.com/moby/spdystream/blob/v0.5.0/connection.go, and some less.
 */
const queuedFrames = 40;

/** What a session has to do at a beat. */
export interface BeatActions {
  /** Ask the far side for a sign of life. */
  readonly ping: boolean;
  /** A ping has had no answer for a beat: nothing new should go this way. */
  readonly doubtful: boolean;
  /** The far side is gone. */
  readonly lost: boolean;
}

/**
 * Tells a far side that is gone (a machine or program that stands still, and keeps its connections) from one that has
 * nothing to say. After a beat without a byte from it, it is pinged at each beat, and has three for an answer: pings go
 * to the workers of the kubelet's session in turn, so that one that a pod holds up does not keep back the next.
 *
 * An upload that a pod takes slowly or not at all may hold up all of them. So while much was sent that has no answer,
 * there are fifteen beats, counted from the last byte that went out.
 */
export class SignsOfLife {
  #heard = true;
  /** Beats since the last byte came or went. */
  #silent = 0;
  /** A ping has been sent since the last byte came. */
  #asked = false;

  /** Bytes have come. */
  heard(): void {
    this.#heard = true;
  }

  /** Bytes that had to wait have gone out, so somebody takes them. */
  sent(): void {
    this.#silent = 0;
  }

  /** For a session that nobody has used: what was asked before does not count. */
  rest(): void {
    this.#heard = true;
    this.#asked = false;
    this.#silent = 0;
  }

  /** @param unanswered the most DATA frames that a stream has sent since something came on it */
  beat(unanswered: number): BeatActions {
    if (this.#heard) {
      this.#heard = false;
      this.#asked = false;
      this.#silent = 0;
      return { ping: false, doubtful: false, lost: false };
    }
    const doubtful = this.#asked;
    if (this.#asked) this.#silent += 1;
    this.#asked = true;
    const lost = this.#silent >= (unanswered > queuedFrames ? heldUpBeats : silentBeats);
    return { ping: !lost, doubtful, lost };
  }
}
