import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { failureOf, imageFixture } from "./image-fixture.ts";

const images = imageFixture([]);

/** A registry that asks for a login and has no image: what it was reported is all there is to see. An engine takes loopback without TLS. */
async function startRegistry() {
  const logins: string[] = [];
  const server = createServer(({ headers }, response) => {
    const [, encoded] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
    if (encoded === undefined) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
      return;
    }
    logins.push(Buffer.from(encoded, "base64").toString("utf8"));
    response.writeHead(404, { "content-type": "application/json" }).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    logins,
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

it("a login that is given reaches the registry of the image, named itself or by a Dockerfile, and no message", async () => {
  await using registry = await startRegistry();
  const registryLogin = { username: "me", password: new Secret("REGISTRY", "pass-of-mine") };
  const reference = `${registry.host}/team/image:1`;
  const path = await images.context({ Dockerfile: `FROM ${reference}\n` });
  for (const base of [
    { kind: "image", reference },
    { kind: "dockerfile", path },
  ] as const) {
    registry.logins.length = 0;
    const failure = await failureOf(images.prepare(base, { registryLogin }));
    expect(failure).toMatchObject({ code: "template" });
    expect(`${failure.message} ${failure.hint}`).toContain(reference);
    expect(`${failure.message} ${failure.hint}`).not.toContain("pass-of-mine");
    expect(registry.logins).toContain("me:pass-of-mine");
  }
});
