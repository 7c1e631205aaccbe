/** Gives the rows of a batch their ids. */
export class RowIds {
  readonly #taken = new Set<string>();
  #count = 0;

  /**
   * Ids for the candidates of one prompt, and what they have in common. A name that the file gives is the id of one candidate,
   * or has their numbers behind it. `undefined` where one of them is taken.
   */
  take(
    name: string | undefined,
    count: number,
  ): { readonly ids: readonly string[]; readonly group: string } | undefined {
    const ids = Array.from({ length: count }, (_, index) => {
      this.#count += 1;
      if (name === undefined) return `r${String(this.#count).padStart(3, "0")}`;
      return count === 1 ? name : `${name.slice(0, 56)}-${index + 1}`;
    });
    if (ids.some((id) => this.#taken.has(id))) return undefined;
    for (const id of ids) this.#taken.add(id);
    return { ids, group: name ?? ids[0] ?? "" };
  }
}
