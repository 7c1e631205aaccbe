import type { Output } from "../output.ts";
import { textWidth } from "./fit-width.ts";

const clearRow = "\r\u001b[2K";
const oneUp = "\u001b[1A";

/** Rows at the bottom of a terminal that are drawn again and again in the same place. */
export class LiveRows {
  readonly #output: Output;
  #widths: readonly number[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** Replaces the rows. Each must fit into the terminal's width; `lengths` of rows with colours are those without. */
  draw(rows: readonly { readonly plain: string; readonly shown?: string }[]): void {
    this.#output.write(this.#clearing() + rows.map(({ plain, shown }) => shown ?? plain).join("\n"));
    this.#widths = rows.map(({ plain }) => textWidth(plain));
  }

  /** Takes the rows away; the cursor is where they began. */
  clear(): void {
    this.#output.write(this.#clearing());
    this.#widths = [];
  }

  /** A terminal that became narrower has broken the rows into several. */
  #clearing(): string {
    if (this.#widths.length === 0) return "";
    const columns = this.#output.columns;
    const rows = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return clearRow + `${oneUp}${clearRow}`.repeat(rows - 1);
  }
}
