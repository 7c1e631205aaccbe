const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * A value that must not be seen. Printing, inspecting or serialising it gives its name; only {@link Secret.reveal} gives
 * the value. Whoever calls `reveal` takes care that the value reaches no argv, label, log, event or file.
 */
export class Secret {
  readonly #value: string;
  /** The environment variable it came from, for messages. */
  readonly name: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}
