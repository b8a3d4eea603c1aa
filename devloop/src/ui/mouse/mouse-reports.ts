import { type MouseEvent, mouseEvents } from './mouse-event.ts';

/**
 * What a terminal is told to report presses and the wheel (1000), in decimal numbers (1006), and no more.
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking
 */
export const mouseOn = '\u001b[?1000h\u001b[?1006h';
export const mouseOff = '\u001b[?1006l\u001b[?1000l';

/** The mouse of a terminal: Ink takes its reports out of the input, and tells nobody. */
export class MouseReports {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #hear: (sent: Buffer | string) => void;
  #isOn = false;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, tell: (event: MouseEvent) => void) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#hear = (sent) => {
      for (const event of mouseEvents(sent.toString())) tell(event);
    };
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#stdin.on('data', this.#hear);
    this.#stdout.write(mouseOn);
  }

  stop(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#stdin.off('data', this.#hear);
    this.#stdout.write(mouseOff);
  }

  /** Stops for the time of some work, which has the terminal for itself. */
  async without(work: () => Promise<void>): Promise<void> {
    const wasOn = this.#isOn;
    this.stop();
    await work();
    if (wasOn) this.start();
  }
}
