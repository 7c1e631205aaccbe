import { ConnectFailure } from "./connect-failure.ts";

/**
 * A message in protobuf's JSON form. Field names come as `camelCase` or as the definition spells them; what is absent or null
 * has the type's zero value; unknown fields are passed over. Readers throw `invalid_argument` for a value of another type.
 */
export class Message {
  readonly #fields: Readonly<Record<string, unknown>>;

  private constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  static parse(json: string): Message {
    let value: unknown;
    try {
      value = json === "" ? {} : JSON.parse(json);
    } catch {
      throw invalid("the message is not JSON");
    }
    return Message.#from(value, "message");
  }

  static #from(value: unknown, name: string): Message {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`${name} is not an object`);
    return new Message(value as Record<string, unknown>);
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  text(name: string): string {
    const value = this.#value(name) ?? "";
    if (typeof value !== "string") throw invalid(`${name} is not a string`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false;
    if (typeof value !== "boolean") throw invalid(`${name} is not a boolean`);
    return value;
  }

  /** Of the type uint32. */
  number(name: string): number {
    const value = Number(this.#value(name) ?? 0);
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw invalid(`${name} is not a number`);
    return value;
  }

  bytes(name: string): Buffer {
    return Buffer.from(this.text(name), "base64");
  }

  message(name: string): Message | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : Message.#from(value, name);
  }

  texts(name: string): string[] {
    const value = this.#value(name) ?? [];
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) {
      throw invalid(`${name} is not a list of strings`);
    }
    return value;
  }

  textMap(name: string): Record<string, string> {
    const map = this.message(name);
    const entries = map === undefined ? [] : Object.entries(map.#fields);
    for (const [key, value] of entries) if (typeof value !== "string") throw invalid(`${name}.${key} is not a string`);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** The name of an enum's value, which may also come as its number. */
  choice(name: string, names: Readonly<Record<number, string>>): string {
    const value = this.#value(name) ?? 0;
    return typeof value === "number" ? (names[value] ?? String(value)) : String(value);
  }

  #value(name: string): unknown {
    const spelled = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return this.#fields[name] ?? this.#fields[spelled] ?? undefined;
  }
}

function invalid(reason: string): ConnectFailure {
  return new ConnectFailure("invalid_argument", reason);
}
