/** A JSON Schema: an object as `JSON.parse` or zod's `z.toJSONSchema` returns it. */
export type JsonSchema = Readonly<Record<string, unknown>>;
