import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

const password = "50%-of:p@ss/wörd";
const authorization = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;

/** A company's proxy, on a real socket: it wants a password, and leads every tunnel to one port of this machine. */
async function startProxy(leadsTo: number) {
  const requested: string[] = [];
  const open = new Set<Socket>();
  const server = createServer();
  server.on("connect", (request, socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {});
    requested.push(request.url ?? "");
    if (request.headers["proxy-authorization"] !== authorization) {
      return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    }
    const outside = connect(leadsTo, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    outside.on("error", () => socket.destroy()).pipe(socket);
    socket.once("close", () => outside.destroy()).pipe(outside);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const dispose = async () => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port, requested, [Symbol.asyncDispose]: dispose };
}

/** The model under a name that nobody but the proxy knows. */
const far = (stage: Stage) => ({ ANTHROPIC_BASE_URL: `http://model.test:${new URL(stage.modelUrl).port}` });

describe("a run behind a company's proxy", () => {
  it("goes by one whose address has no scheme and a password with anything in it, and shows nothing of that", async () => {
    await using stage = await setStage({ turns: [bash("env > env.txt"), say("Done.")] });
    await using proxy = await startProxy(Number(new URL(stage.modelUrl).port));
    const env = { ...far(stage), http_proxy: `me:${password}@127.0.0.1:${proxy.port}`, NO_PROXY: "10.0.0.0/8" };
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", "--network", "sealed"], { env }).done;
    expect(done.code, done.stderr).toBe(0);
    expect(new Set(proxy.requested)).toEqual(new Set([new URL(far(stage).ANTHROPIC_BASE_URL).host]));
    expect(stage.file("out/env.txt") + done.stdout + done.stderr + JSON.stringify(stage.events())).not.toContain("50%");
  });

  it.each([
    ["socks5://me:hunter22@127.0.0.1:1", "http_proxy names a SOCKS proxy (socks5), which Glovebox does not use"],
    ["me:hunter22%@127.0.0.1:99999", "http_proxy is not the address of a proxy: its port is not one of 1 to 65535"],
    ["me:hunter22%@127.0.0.1:1", "The proxy of http_proxy cannot be reached (ECONNREFUSED)"],
    ["me:hunter22%@127.0.0.1:PORT", "The proxy of http_proxy refused its user and password (status 407)"],
  ])("ends at once with exit 3 and one line that names the variable, where that is %s", async (address, reason) => {
    await using stage = await setStage({ turns: [say("Never.")] });
    await using proxy = await startProxy(1);
    const env = { ...far(stage), http_proxy: address.replace("PORT", String(proxy.port)) };
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--network", "sealed"], { env }).done;
    expect(done.code, done.stderr).toBe(3);
    expect(done.stderr).toContain(reason);
    expect(stage.result().reason).toBe(reason);
    expect(stage.events().filter(({ type }) => type === "error")).toMatchObject([{ message: reason }]);
    expect(stage.model.requests).toEqual([]);
    expect(done.stdout + done.stderr + JSON.stringify(stage.events())).not.toContain("hunter22");
    expect(await stage.containers()).toEqual([]);
  });

  it("is shown by doctor and network show, without user and password, and with what is passed by", async () => {
    await using stage = await setStage({ turns: [] });
    const env = { HTTPS_PROXY: "me:hunter22%@proxy.test:3128", HTTP_PROXY: "x", NO_PROXY: "corp.test,10.0.0.0/8" };
    const doctor = await stage.glovebox(["doctor"], { env }).done;
    expect(doctor.stdout).toMatch(/ok +proxy +http:\/\/\*\*\*@proxy\.test:3128 for https, from HTTPS_PROXY\n/);
    expect(doctor.stdout).toMatch(
      /ok +proxy +corp\.test,10\.0\.0\.0\/8 without a proxy, from NO_PROXY; and loopback\n/,
    );
    expect(doctor.stdout).toMatch(/notice +proxy +HTTP_PROXY does not count in upper case/);
    const shown = await stage.glovebox(["network", "show"], { env }).done;
    expect(shown.stdout).toMatch(/https +http:\/\/\*\*\*@proxy\.test:3128, from HTTPS_PROXY\n/);
    expect(shown.stdout).toMatch(/none for +corp\.test,10\.0\.0\.0\/8, from NO_PROXY; and loopback\n/);
    const json = await stage.glovebox(["network", "show", "--json"], { env }).done;
    expect(JSON.parse(json.stdout)).toMatchObject({
      hostProxy: { proxies: [{ scheme: "https", variable: "HTTPS_PROXY", address: "http://***@proxy.test:3128" }] },
    });
    expect(doctor.stdout + doctor.stderr + shown.stdout + shown.stderr + json.stdout).not.toContain("hunter22");
    const broken = await stage.glovebox(["doctor"], { env: { ALL_PROXY: "socks5h://me:hunter22@proxy.test" } }).done;
    expect(broken.code).toBe(3);
    expect(broken.stdout).toMatch(/problem +proxy +ALL_PROXY names a SOCKS proxy \(socks5h\)/);
    expect(broken.stdout + broken.stderr).not.toContain("hunter22");
  });
});
