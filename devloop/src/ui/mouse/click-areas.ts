/** A part of the screen that something is done with when it is clicked. */
export interface ClickArea {
  /** Where it is now, in cells. */
  readonly box: () => { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** @param column, row of the area itself */
  readonly click: (column: number, row: number) => void;
}

/** The parts that can be clicked, as far as they are on the screen. */
export class ClickAreas {
  readonly #areas = new Set<ClickArea>();

  /** @returns what takes it away again */
  add(area: ClickArea): () => void {
    this.#areas.add(area);
    return () => this.#areas.delete(area);
  }

  click(column: number, row: number): void {
    for (const { box, click } of [...this.#areas]) {
      const { x, y, width, height } = box();
      if (column >= x && column < x + width && row >= y && row < y + height) click(column - x, row - y);
    }
  }
}
