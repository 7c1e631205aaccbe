/** Lets operations that change the same thing happen one after the other, in the order in which they were asked for. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#last.then(operation);
    // What one of them throws is its caller's; the next one begins all the same.
    this.#last = result.catch(() => {});
    return result;
  }
}
