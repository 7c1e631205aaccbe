import { expect, it } from "vitest";
import { holdsMoreValues, namesTwice } from "./json-bytes.ts";

const twice = (text: string) => namesTwice(Buffer.from(text), JSON.parse(text));

it.each([
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '[{"b":{"a":1,"a":1}}]',
  '{"a\\\\":1,"a\\\\":2}',
  '{"__proto__":1,"__proto__":2}',
])("finds a field that is named twice in %s", (text) => {
  expect(twice(text)).toBe(true);
});

it.each([
  "null",
  '"a:b"',
  "{}",
  '{"a":"b\\"c\\":d:","e":[{"a":1},{"a":2}]}',
  '{"a\\\\":1,"\\"":":"}',
  '{"__proto__":{"a":1}}',
  '{ "a" : [ 1 , 2 ] }',
])("finds none in %s", (text) => {
  expect(twice(text)).toBe(false);
});

it("counts values outside texts, also in what is no whole JSON", () => {
  expect(holdsMoreValues(Buffer.from('[1,2,"[,{\\",["]'), 3)).toBe(false);
  expect(holdsMoreValues(Buffer.from('[1,2,"[,{\\",["]'), 2)).toBe(true);
  expect(holdsMoreValues(Buffer.from('[1,2,"never ends \\'), 2)).toBe(true);
});
