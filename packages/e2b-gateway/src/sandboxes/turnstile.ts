/** Lets one task in at a time, in the order in which they came. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  pass<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
