import { readFile } from "node:fs/promises";
import type { TemplateLayer } from "@glovebox/core/provider";
import { prepareTemplate } from "@glovebox/provider-docker";
import { buildImage, type Engine } from "./build-image.ts";

const claudeLayer: TemplateLayer = {
  id: "claude-code",
  npmPackage: "@anthropic-ai/claude-code",
  npmVersion: "2.1.328",
  check: { argv: ["claude", "--version"], prints: "2.1.328" },
};

export interface TestImages {
  /** As a project's own Dockerfile makes it: the harness and the supervisor are inside. */
  readonly base: string;
  /** As a vendor's image is: Node, and nothing of Glovebox. */
  readonly bare: string;
  /** For workerd's network beside a container. */
  readonly interceptor: string;
}

/**
 * The images that a local Worker needs, made from the Docker provider's own. The interceptor is workerd's real one where the
 * variable MINIFLARE_CONTAINER_EGRESS_IMAGE names it.
 */
export async function testImages(engine: Engine): Promise<TestImages> {
  const { reference } = await prepareTemplate(engine, { base: { kind: "default" }, layers: [claudeLayer] });
  // The local runtime keeps an image's entrypoint in front of the command; the platform does not.
  const plain = `FROM ${reference}\nENTRYPOINT []\nCMD []\nLABEL glovebox.image=""\n`;
  const bare = [
    "RUN cp -L /opt/glovebox/bin/node /usr/local/bin/own-node && mv -f /usr/local/bin/own-node /usr/local/bin/node",
    "RUN rm -rf /opt/glovebox /usr/local/bin/claude /workspace /output /run/glovebox",
    "RUN sed -i /^agent:/d /etc/passwd /etc/group /etc/shadow && rm -rf /home/agent",
    "WORKDIR /",
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ].join("\n");
  return {
    base: await buildImage(engine, "cloudflare-base", { Dockerfile: plain }),
    bare: await buildImage(engine, "cloudflare-bare", { Dockerfile: `${plain}${bare}\n` }),
    interceptor: process.env.MINIFLARE_CONTAINER_EGRESS_IMAGE ?? (await buildInterceptor(engine, reference)),
  };
}

/** A replacement for `cloudflare/proxy-everything`. */
export async function buildInterceptor(engine: Engine, base: string): Promise<string> {
  const [script, shut] = await Promise.all(
    ["interceptor.mjs", "shut-network.py"].map((name) =>
      readFile(new URL(`../../interceptor/${name}`, import.meta.url), "utf8"),
    ),
  );
  const Dockerfile = [
    `FROM ${base}`,
    "COPY interceptor.mjs shut-network.py /opt/interceptor/",
    'ENTRYPOINT ["/opt/glovebox/bin/node", "/opt/interceptor/interceptor.mjs"]',
    'CMD []\nLABEL glovebox.image=""\n',
  ].join("\n");
  return buildImage(engine, "cloudflare-interceptor", {
    Dockerfile,
    "interceptor.mjs": script ?? "",
    "shut-network.py": shut ?? "",
  });
}
