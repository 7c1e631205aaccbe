import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { EgressEvent, EgressObserver } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import { cleanup, listen, raw } from "./gateway-fixture.ts";
import { InsideStream } from "./inside-stream.ts";

async function observed(observer: EgressObserver) {
  let hits = 0;
  const service = createHttpServer((request, response) => {
    hits += 1;
    if (request.url !== "/endless") response.end("here");
    else response.write("more");
  });
  const host = `127.0.0.1:${await listen(service)}`;
  const allow = [{ host: "127.0.0.1", port: "any", source: "the test" }] as const;
  const gateway = createGateway({ env: {}, policy: { mode: "sealed", models: [], allow }, observer });
  cleanup(() => gateway.close());
  const port = await listen(
    createServer({ allowHalfOpen: true }, (socket) => gateway.handle(new InsideStream(socket))),
  );
  const ask = (path: string) =>
    raw(port, `GET http://${host}${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  return { ask, service, hits: () => hits };
}

it("lets nothing out any more once a request could not be recorded", async () => {
  const events: EgressEvent[] = [];
  const { ask, hits } = await observed({
    onRequest: (event) => {
      if (events.push(event) === 2) throw new Error("no space left");
    },
  });
  expect(await ask("/1")).toContain("here");
  await ask("/2");
  expect(await ask("/3")).toBe("");
  expect(hits()).toBe(2);
  expect(events).toHaveLength(2);
});

it("ends what is in flight, recorded, when it is to stop, and takes nothing more", async () => {
  const stop = new AbortController();
  const events: EgressEvent[] = [];
  const { ask, service, hits } = await observed({ stop: stop.signal, onRequest: (event) => events.push(event) });
  const requested = once(service, "request");
  const answer = ask("/endless");
  await requested;
  stop.abort();
  expect(await answer).not.toContain("here");
  expect(events).toMatchObject([{ path: "/endless", decision: "failed" }]);
  expect(await ask("/2")).toBe("");
  expect(hits()).toBe(1);
});

it("never lets anything out for an observer that has stopped before", async () => {
  const { ask, hits } = await observed({ stop: AbortSignal.abort() });
  expect(await ask("/1")).toBe("");
  expect(hits()).toBe(0);
});
