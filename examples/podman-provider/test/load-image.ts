// Before any test: Podman has the sandbox image that the Docker engine has, copied in seconds rather than built in minutes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { CliImageEngine } from "@glovebox/image-builder";
import { createDockerProvider, createEngine, resolveEngineEndpoint } from "@glovebox/provider-docker";

const { reference } = await createDockerProvider().prepare({ base: { kind: "default" }, layers: [] });
const podman = new CliImageEngine({ providerId: "podman", command: "podman" });
if ((await podman.inspect(reference)) === undefined) {
  const image = await createEngine(await resolveEngineEndpoint())
    .getImage(reference)
    .get();
  const load = spawn("podman", ["load", "--quiet"], { stdio: ["pipe", "ignore", "inherit"] });
  const ended = once(load, "exit");
  await pipeline(image, load.stdin);
  const [code] = await ended;
  if (code !== 0) throw new Error(`podman load ended with ${code}`);
}
