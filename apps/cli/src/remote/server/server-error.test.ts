import { expect, it } from "vitest";
import { serverError } from "./server-error.ts";

const url = "https://glovebox.example.com";

it("says how to trust an authority that is not known", () => {
  const cause = Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  expect(serverError(new TypeError("fetch failed", { cause }), url)).toMatchObject({
    code: "unavailable",
    message: `The server ${url} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
  });
});

it("says that an address answers, but is not a Glovebox server", () => {
  expect(serverError(new SyntaxError("Unexpected token '<'"), url)).toMatchObject({
    code: "unavailable",
    message: `The server ${url} does not answer as a Glovebox server does: its answer is not JSON`,
    hint: "Check the address of the server.",
  });
});

it("has a hint for a server that refuses the connection", () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  expect(serverError(new TypeError("fetch failed", { cause }), url)).toMatchObject({
    message: `The server ${url} cannot be reached (ECONNREFUSED)`,
    hint: "Check the address, and that the server is running.",
  });
});
