import assert from "node:assert/strict";
import type { Sandbox } from "@glovebox/core/provider";
import { runNode } from "../../in-sandbox/run-node.ts";
import type { HostServer } from "./host-server.ts";

/** Each path out of the sandbox that a program may find by itself. Paths that succeed are named. */
const script = `const net = require("node:net"), dgram = require("node:dgram"), dns = require("node:dns"); const [host, port] = process.argv.slice(1);
  const tcp = (name, address, at) => new Promise((resolve) => { const socket = net.connect({ host: address, port: at });
    const end = (got) => { socket.destroy(); resolve(got); }; socket.on("connect", () => end(name)); socket.on("error", () => end()); socket.setTimeout(3000, () => end()); });
  const udp = (kind, address, at) => new Promise((resolve) => { const socket = dgram.createSocket(kind);
    const query = Buffer.from("abcd01000001000000000000076578616d706c6503636f6d0000010001", "hex"); const end = (got) => { try { socket.close(); } catch {} resolve(got); };
    socket.on("message", () => end("an answer over " + kind + " from " + address)); socket.on("error", () => end());
    socket.send(query, at, address, (error) => error && end()); setTimeout(end, 3000); });
  const name = (hostname) => new Promise((resolve) => dns.lookup(hostname, (error) => resolve(error ? undefined : "the name " + hostname)));
  const server = new dns.Resolver({ timeout: 1000, tries: 1 }); server.setServers(["1.1.1.1", "8.8.8.8"]);
  const resolved = new Promise((resolve) => server.resolve4("example.com", (error) => resolve(error ? undefined : "a resolver of its own")));
  Promise.all([tcp("this host", host, port), tcp("a public address", "1.1.1.1", 80), tcp("a public address", "8.8.8.8", 53), tcp("metadata", "169.254.169.254", 80),
    tcp("the engine's bridge", "172.17.0.1", port), tcp("IPv6", "2606:4700:4700::1111", 80), tcp("IPv6 link-local", "fe80::1", 80),
    udp("udp4", "1.1.1.1", 53), udp("udp4", host, Number(port)), udp("udp6", "2606:4700:4700::1111", 53), name("example.com"), name("one.one.one.one"), resolved])
    .then((all) => { console.log(JSON.stringify(all.filter(Boolean))); process.exit(0); });`;

/** Asserts that nothing goes out of a sandbox past what its policy is enforced by: no TCP, no UDP, no names, no IPv6. */
export async function assertShut(sandbox: Sandbox, server: HostServer): Promise<void> {
  const before = server.connections;
  const found = JSON.parse(await runNode(sandbox, script, [server.host, String(server.port)])) as string[];
  assert.deepEqual(found, [], "a program inside reached what it must not");
  assert.equal(server.connections, before, "a program inside reached a server of this host");
}
