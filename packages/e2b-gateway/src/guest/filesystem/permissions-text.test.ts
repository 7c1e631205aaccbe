import { expect, test } from "vitest";
import { permissionsText } from "./permissions-text.ts";

test.each([
  { mode: 0o100644, text: "-rw-r--r--" },
  { mode: 0o40755, text: "drwxr-xr-x" },
  { mode: 0o41777, text: "dtrwxrwxrwx" },
  { mode: 0o120777, text: "Lrwxrwxrwx" },
  { mode: 0o104755, text: "urwxr-xr-x" },
  { mode: 0o20666, text: "Dcrw-rw-rw-" },
  { mode: 0o10600, text: "prw-------" },
])("$text", ({ mode, text }) => {
  expect(permissionsText({ mode })).toBe(text);
});
