import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InvalidOptionsError } from "../../errors/index.ts";
import { AnswerSchema } from "./answer-schema.ts";

const text = { type: "string" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const nested = (depth: number): object => JSON.parse(`${'{"not":'.repeat(depth)}{}${"}".repeat(depth)}`);

describe("a schema", () => {
  it("is taken as zod writes it, and without the name of its draft", () => {
    const { schema } = new AnswerSchema(z.toJSONSchema(z.object({ at: z.email(), kind: z.enum(["a", "b"]) })));
    expect(schema).not.toHaveProperty("$schema");
    expect(schema).toMatchObject({ type: "object", required: ["at", "kind"] });
  });

  it.each([
    ["of a list", { type: "array", items: text }, '"type": "object" at its top'],
    ["without a type", { properties: {} }, '"type": "object" at its top'],
    ["of an unknown draft", object({}, { $schema: "https://example.com/draft" }), "no schema with key"],
    ["with a wrong type", object({ a: { type: "txt" } }), "must be equal to one of the allowed values"],
    ["with an unknown keyword", object({ a: { type: "string", minimumLength: 1 } }), "minimumLength"],
    ["with a broken pattern", object({ a: { type: "string", pattern: "[" } }), "regular expression"],
    ["that refers to another place", object({ a: { $ref: "https://example.com/a.json" } }), "can't resolve reference"],
    ["that answers later", object({}, { $async: true }), "$async"],
    ["of more than 64 KiB", object({ a: { description: "x".repeat(65_536) } }), "may have 65536"],
    ["that is nested without end", object({ a: nested(8000) }), "Maximum call stack"],
  ])("%s is refused", (_, schema, message) => {
    expect(() => new AnswerSchema(schema)).toThrow(InvalidOptionsError);
    expect(() => new AnswerSchema(schema)).toThrow(message);
  });
});

describe("an answer", () => {
  const schema = new AnswerSchema(
    object({ name: text, of: { $ref: "#/$defs/kind" } }, { required: ["name"], $defs: { kind: { enum: ["a", "b"] } } }),
  );

  it("that matches has no problem", () => {
    expect(schema.problemOf({ name: "x", of: "b", more: null })).toBeUndefined();
  });

  it.each([
    ["lacks a part", {}, "the answer must have required property 'name'"],
    ["has a wrong part", { name: "x", of: "c" }, "/of must be equal to one of the allowed values"],
    ["is a text", "x", "the answer must be object"],
    ["is a list", [], "the answer must be object"],
    ["is nothing", null, "the answer must be object"],
    ["is larger than 1 MiB", { name: "x".repeat(1024 * 1024) }, "at most 1048576 are taken"],
  ])("that %s is refused in one line", (_, answer, message) => {
    expect(schema.problemOf(answer)).toContain(message);
    expect(schema.problemOf(answer)).not.toMatch(/\n/);
  });

  it("cannot put control characters or lines of its own into the reason", () => {
    const strict = new AnswerSchema(object({}, { additionalProperties: text }));
    const problem = strict.problemOf({ "a\u001b[2J\n\u202eerror: b": 1 });
    expect(problem).toBe("The structured answer does not match the schema: /a error: b must be string");
  });

  it("ends a comparison that would take for ever", { timeout: 60_000 }, () => {
    const slow = new AnswerSchema(object({ a: { type: "string", pattern: "^(a+)+$" } }));
    expect(slow.problemOf({ a: `${"a".repeat(40)}!` })).toContain("cannot be compared");
  });
});
