import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { server } from "../support/shared-server.ts";

const start = (request: object): Promise<Response> =>
  fetch(`${server.url}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.tokens.ann}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt: "x", ...request }),
  });

it.each([
  "file:///etc/passwd",
  "/etc",
  "../../etc",
  "ext::sh -c id",
  "--upload-pack=touch /tmp/owned",
  "fd::3",
  "http://user:password@example.com/x.git",
  "ftp://example.com/x.git",
  "gopher://127.0.0.1:6379/_x",
  "https://example.com/x.git\nurl=file:///etc",
  "",
])("refuses the git URL %j at once", async (url) => {
  expect((await start({ workspace: { git: { url } } })).status).toBe(400);
});

it.each([
  "http://127.0.0.1:PORT/x.git",
  "http://2130706433:PORT/x.git",
  "http://0x7f.1:PORT/x.git",
  "http://[::1]:PORT/x.git",
  "http://[::ffff:127.0.0.1]:PORT/x.git",
  "http://localhost:PORT/x.git",
  "http://localhost.:PORT/x.git",
  "http://169.254.169.254/latest/meta-data/",
])("asks no private address for the git URL %j while it queues a run", async (template) => {
  let count = 0;
  const internal = createServer((_request, response) => {
    count += 1;
    response.end();
  }).listen(0);
  try {
    const url = template.replace("PORT", String((internal.address() as AddressInfo).port));
    expect([202, 400]).toContain((await start({ workspace: { git: { url } } })).status);
    expect(count).toBe(0);
  } finally {
    internal.close();
  }
});

it.each(["--privileged", "file:///etc/passwd", "a b", "../x", "x\ny", "$(id)"])(
  "refuses the image %j",
  async (image) => {
    expect((await start({ image })).status).toBe(400);
  },
);

it.each([
  { workspace: { path: "/etc" } },
  { home: "/root" },
  { mounts: ["/:/host"] },
  { credential: "ANTHROPIC_API_KEY" },
  { providerSettings: { host: "tcp://evil.example" } },
  { provider: "./evil.js" },
  { provider: "../../evil" },
  { harness: "/tmp/evil.js" },
  { env: { NAME: null } },
])("refuses %j, which names something of the host", async (request) => {
  expect([400, 422]).toContain((await start(request)).status);
});
