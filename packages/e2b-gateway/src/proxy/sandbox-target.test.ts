import { describe, expect, it } from "vitest";
import { readTarget } from "./sandbox-target.ts";

const id = "iabcdefghij012345678";

describe("readTarget", () => {
  it.each([
    [
      { "e2b-sandbox-id": id, "e2b-sandbox-port": "3000" },
      { sandboxId: id, port: 3000 },
    ],
    [{ "e2b-sandbox-id": id }, { sandboxId: id, port: 49_983 }],
    [{ host: `3000-${id}.e2b.localhost:8443` }, { sandboxId: id, port: 3000 }],
    [{ host: `3000-${id.toUpperCase()}.localhost` }, { sandboxId: id, port: 3000 }],
    [{ host: `3000-${id}-00000000.e2b.app` }, { sandboxId: id, port: 3000 }],
    [{ host: "127.0.0.1:3000" }, undefined],
    [{ host: "api.e2b.localhost" }, undefined],
    [{ host: "3000-is.my-site" }, { sandboxId: "is", port: 3000 }],
    [{ host: "127.0.0.1-x" }, undefined],
    [{}, undefined],
  ])("%j is for %j", (headers, target) => {
    expect(readTarget({ headers })).toEqual(target);
  });

  it.each([
    { "e2b-sandbox-id": id, "e2b-sandbox-port": "0" },
    { "e2b-sandbox-id": id, "e2b-sandbox-port": "65536" },
    { "e2b-sandbox-id": id, "e2b-sandbox-port": "80;x" },
    { "e2b-sandbox-id": "../key", "e2b-sandbox-port": "80" },
    { host: `99999-${id}.localhost` },
  ])("%j is refused", (headers) => {
    expect(() => readTarget({ headers })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
