import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@glovebox/core/provider";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Notification } from "./notification.ts";
import { Notifier } from "./notifier.ts";
import { parseNotifyTarget } from "./notify-target.ts";

const notification: Notification = {
  ...{ v: 1, id: "d1", type: "run.ended", time: "2026-11-20T10:00:00.000Z", text: "Run abc succeeded after 5s" },
  ...{ runId: "r1", name: "abc", outputDirectory: "/out", outcome: "succeeded", reason: "é \u001b[2J", exitCode: 0 },
};
const secret = "a-secret-of-the-test";

let directory: string;
let server: Server;
let received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
/** What the receiver does, per attempt. */
let replies: ((response: ServerResponse) => void)[];
let warnings: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-notify-"));
  received = [];
  replies = [];
  warnings = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    received.push({ headers: request.headers, body });
    const reply = replies.shift() ?? ((to) => to.writeHead(204).end());
    reply(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function notify(target: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const notifier = new Notifier({
    settings: { targets: [parseNotifyTarget(target)], atShare: 0.8, secret: new Secret("S", secret) },
    env: { PATH: process.env.PATH, ...env },
    directory,
    warn: (message) => warnings.push(message),
  });
  notifier.send(notification);
  await notifier.flush();
}

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=in-the-address`;
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (to: ServerResponse) =>
    void to.writeHead(code, headers).end();

describe("a webhook", () => {
  it("gets the notification as JSON, signed with the time", async () => {
    await notify(address());
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(JSON.parse(body)).toEqual(notification);
    expect(headers).toMatchObject({
      ...{ "content-type": "application/json", "glovebox-event": "run.ended", "glovebox-delivery": "d1" },
    });
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["glovebox-signature"])) ?? [];
    expect(signature).toBe(createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex"));
    expect(warnings).toEqual([]);
  });

  it("gets it again, as the same delivery, where an answer says that this may help", async () => {
    replies = [status(503), (to) => void to.destroy()];
    await notify(address());
    expect(received.map(({ headers }) => headers["glovebox-delivery"])).toEqual(["d1", "d1", "d1"]);
    expect(warnings).toEqual([]);
  });

  it("gets it once where it refuses it, and the warning does not repeat the address", async () => {
    replies = [status(403)];
    await notify(address());
    expect(received).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The notification run.ended was not delivered to http:\/\/127.0.0.1:\d+: the answer was 403$/,
      ),
    ]);
  });

  it("is not followed elsewhere", async () => {
    replies = [status(307, { location: `${address()}&elsewhere` })];
    await notify(address());
    expect(received).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining("the answer was 307")]);
  });

  it("that never answers, and one that never ends its answer, hold up nothing", async () => {
    replies = [() => {}, (to) => void to.writeHead(200).write("endless")];
    await notify(address());
    expect(received).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it("that is gone is a warning", async () => {
    const gone = address();
    server.close();
    await notify(gone);
    expect(warnings).toEqual([expect.stringContaining("ECONNREFUSED")]);
  });
});

describe("a command", () => {
  it("gets the notification on standard input, its ids as variables, and no secret", async () => {
    await notify(`cat > got.json; env > env.txt`, {
      ...{ ANTHROPIC_API_KEY: "sk-ant-secret-value", GLOVEBOX_NOTIFY_SECRET: secret, COPY: "x sk-ant-secret-value" },
      ...{ OWN: "mine", GLOVEBOX_HOME: "/home/state" },
    });
    expect(warnings).toEqual([]);
    expect(JSON.parse(readFileSync(join(directory, "got.json"), "utf8"))).toEqual(notification);
    const env = readFileSync(join(directory, "env.txt"), "utf8");
    for (const line of [
      "GLOVEBOX_EVENT=run.ended",
      "GLOVEBOX_RUN_ID=r1",
      "GLOVEBOX_OUTCOME=succeeded",
      "OWN=mine",
      "GLOVEBOX_HOME=/home/state",
    ])
      expect(env).toContain(line);
    expect(env).not.toContain("secret");
  });

  it("that fails is a warning with what it said", async () => {
    await notify("printf 'no\\033[2J mail' >&2; exit 3");
    expect(warnings).toEqual(["The notification run.ended was not delivered to the command: it ended with 3: no mail"]);
  });

  it("that reads nothing and leaves a process behind is delivered", async () => {
    await notify("sleep 3 & exit 0");
    expect(warnings).toEqual([]);
  });
});

describe("a target", () => {
  it.each(["http://example.com/hook", "https://user:word@example.com/", "ftp://example.com", "https://", " "])(
    "is refused as %j",
    (text) => expect(() => parseNotifyTarget(text)).toThrow(expect.objectContaining({ code: "invalid-options" })),
  );

  it("is a command where it is no address", () => {
    expect(parseNotifyTarget("say 'done: https://x'")).toEqual({ kind: "command", command: "say 'done: https://x'" });
    expect(parseNotifyTarget("https://example.com/a")).toMatchObject({ kind: "webhook" });
  });
});
