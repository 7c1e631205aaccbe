import { describe, expect, it } from "vitest";
import type { ApiHandler } from "./api-request.ts";
import { ApiRouter } from "./api-router.ts";

const handler =
  (name: string): ApiHandler =>
  async () => ({ status: 200, body: name });
const router = new ApiRouter(
  { "GET /sandboxes/{sandboxID}": handler("one"), "DELETE /templates/{id}": handler("first") },
  { "GET /sandboxes/metrics": handler("metrics"), "DELETE /templates/{other}": handler("second") },
);

const served = async (method: string, path: string) => {
  const { handler: found, params } = router.match(method, path);
  return [(await found({} as never)).body, params];
};

describe("ApiRouter", () => {
  it("prefers what is spelled out, and the earlier table", async () => {
    expect(await served("GET", "/sandboxes/abc")).toEqual(["one", { sandboxID: "abc" }]);
    expect(await served("GET", "/sandboxes/metrics")).toEqual(["metrics", {}]);
    expect(await served("DELETE", "/templates/a%2Fb:c")).toEqual(["first", { id: "a/b:c" }]);
    expect(await served("GET", "/sandboxes/abc/")).toEqual(["one", { sandboxID: "abc" }]);
  });

  it.each([
    ["GET", "/", 404],
    ["GET", "/sandboxes/a/b", 404],
    ["POST", "/sandboxes/abc", 405],
    ["GET", "/sandboxes/%", 400],
  ])("refuses %s %s", (method, path, status) => {
    expect(() => router.match(method, path)).toThrow(expect.objectContaining({ status }));
  });
});
