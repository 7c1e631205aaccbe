import { expect, test } from "vitest";
import { Message } from "./message.ts";

test("fields are read by either spelling; absent and null ones have the zero value", () => {
  const message = Message.parse('{"include_entry":true,"path":null,"depth":"3","unknown":{},"data":"aGk="}');
  expect(message.flag("includeEntry")).toBe(true);
  expect(message.has("path")).toBe(false);
  expect(message.text("path")).toBe("");
  expect(message.number("depth")).toBe(3);
  expect(message.bytes("data").toString()).toBe("hi");
  expect(message.texts("args")).toEqual([]);
  expect(message.textMap("envs")).toEqual({});
  expect(message.message("process")).toBeUndefined();
  expect(Message.parse("").has("path")).toBe(false);
});

test("an enum's value comes by name or by number", () => {
  const names = { 9: "SIGNAL_SIGKILL" };
  expect(Message.parse('{"signal":9}').choice("signal", names)).toBe("SIGNAL_SIGKILL");
  expect(Message.parse('{"signal":"SIGNAL_SIGKILL"}').choice("signal", names)).toBe("SIGNAL_SIGKILL");
  expect(Message.parse('{"signal":7}').choice("signal", names)).toBe("7");
});

test.each([
  { json: "{", read: () => undefined },
  { json: "[]", read: () => undefined },
  { json: "null", read: () => undefined },
  { json: '{"a":1}', read: (message: Message) => message.text("a") },
  { json: '{"a":"yes"}', read: (message: Message) => message.flag("a") },
  { json: '{"a":-1}', read: (message: Message) => message.number("a") },
  { json: '{"a":4294967296}', read: (message: Message) => message.number("a") },
  { json: '{"a":[1]}', read: (message: Message) => message.texts("a") },
  { json: '{"a":[]}', read: (message: Message) => message.message("a") },
  { json: '{"a":{"b":1}}', read: (message: Message) => message.textMap("a") },
])("$json is refused where it is of another type", ({ json, read }) => {
  expect(() => read(Message.parse(json))).toThrow(expect.objectContaining({ code: "invalid_argument" }));
});
