import { createDockerProvider } from "../../../provider-docker/src/index.ts";
import { testProvider } from "../../src/index.ts";

testProvider({ create: () => createDockerProvider({ host: "unix:///nonexistent/docker.sock" }) });
