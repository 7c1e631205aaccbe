import { expect, it } from "vitest";
import { failedStatus } from "./failed-status.ts";

it.each([
  ["429 Too Many Requests", 429],
  ["API Error: 403 no", 403],
  ["unexpected status code : 529", 529],
  ['{"code": "503"}', 503],
  ["HTTP 500", 500],
  ["It wrote 404 lines", undefined],
  [`error${" ".repeat(64 * 1024)}500`, undefined],
])("%.60s names the status %s", (text, status) => {
  expect(failedStatus(text)).toBe(status);
});
