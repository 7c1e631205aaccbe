import { expect, it } from "vitest";
import { callName } from "./call-name.ts";

it("leaves out of a call's name what is particular to one run", () => {
  const id = "0123456789abcdef".repeat(4);
  expect(callName("POST", `/containers/${id}/start?t=5`)).toBe("POST /containers/:id/start");
  expect(callName("DELETE", "/containers/glovebox-c287c4f5268029d1?force=true")).toBe("DELETE /containers/:id");
  expect(callName("GET", "/images/glovebox%2Fsandbox:1/json")).toBe("GET /images/:id/json");
  expect(callName("GET", "/v1.41/info")).toBe("GET /v1.41/info");
  expect(callName(undefined, undefined)).toBe("GET /");
});
