import { randomUUID } from "node:crypto";
import { prepareConfigVariable, supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { guestFixture } from "./guest-fixture.ts";

const start = guestFixture();

const prepare = [supervisorPaths.node, supervisorPaths.file, supervisorModes.prepare];
const root = [
  "--user",
  "0:0",
  "--cap-add",
  "NET_ADMIN",
  "--cap-add",
  "CHOWN",
  "--cap-add",
  "SETUID",
  "--cap-add",
  "SETGID",
];

/** What an image can hold in its home that a copy must not trip over. */
const furnish = `cd /home/agent && mkdir -m 700 closed && echo secret > closed/file && chmod 600 closed/file
  ln closed/file twin && ln -s /etc outside && ln -s nowhere broken && mkfifo fifo && chmod 4755 .npmrc && touch -d @1000000000 closed/file`;

describe("the mode prepare", () => {
  it("copies the image's home into a new volume as the user, and leaves one that is there", async () => {
    for (const args of [[], root]) {
      await using volume = await makeVolume();
      const mount = ["--volume", `${volume.name}:/glovebox/volume`];
      const command = [
        "/bin/sh",
        "-c",
        `[ "$(id -u)" = 0 ] && p='setpriv --reuid 1000 --regid 1000 --clear-groups'; $p sh -c '${furnish}'; exec ${prepare.join(" ")}`,
      ];
      const config = { [prepareConfigVariable]: JSON.stringify({ accounts: true }) };
      await using guest = await start({ args: [...args, ...mount], command, env: config });
      expect(await guest.ended(), await guest.logs()).toBe(0);
      const home = "/glovebox/volume/home";
      const look = [
        `cd ${home} && stat -c '%n %a %u %F %h' closed closed/file twin outside broken .npmrc .local ../workspace`,
        "cat twin; readlink outside broken; stat -c %Y closed/file; ls fifo 2> /dev/null",
        "head -n 1 ../etc/passwd ../etc/group; ls -A ..; rm -r closed; echo changed > twin",
      ];
      expect((await inVolume(volume.name, look.join("\n"))).split("\n")).toEqual([
        ...["closed 700 1000 directory 2", "closed/file 600 1000 regular file 2", "twin 600 1000 regular file 2"],
        ...["outside 777 1000 symbolic link 1", "broken 777 1000 symbolic link 1", ".npmrc 755 1000 regular file 1"],
        ...[".local 755 1000 directory 2", "../workspace 755 1000 directory 2"],
        ...["secret", "/etc", "nowhere", "1000000000"],
        ...["==> ../etc/passwd <==", "agent:x:1000:1000:Glovebox agent:/home/agent:/bin/bash", ""],
        ...["==> ../etc/group <==", "agent:x:1000:", "etc", "home", "workspace"],
      ]);
      await using again = await start({ args: [...args, ...mount], command: prepare, env: config });
      expect(await again.ended(), await again.logs()).toBe(0);
      expect(await inVolume(volume.name, `cd ${home}; cat twin; ls -d closed 2> /dev/null || true`)).toBe("changed");
    }
  });

  it("takes every interface but loopback down, or says in one line why it could not", async () => {
    await using volume = await makeVolume();
    const mount = ["--volume", `${volume.name}:/glovebox/volume`];
    const config = { [prepareConfigVariable]: JSON.stringify({ seal: true }) };
    const show = ["/bin/sh", "-c", `${prepare.join(" ")} && cat /sys/class/net/*/operstate && cat /proc/net/route`];
    await using sealed = await start({ network: "bridge", args: [...root, ...mount], command: show, env: config });
    expect(await sealed.ended(), await sealed.logs()).toBe(0);
    expect((await sealed.logs()).trim().split(/\n/)).toEqual(["down", "unknown", expect.stringMatching(/^Iface/)]);
    await using refused = await start({ network: "bridge", args: mount, command: prepare, env: config });
    expect(await refused.ended()).toBe(1);
    expect(await refused.logs()).toMatch(
      /^glovebox-supervisor: The network interface eth0 cannot be taken down: .*Operation not permitted$/,
    );
  });
});

/** A volume that everybody may write, as those of a cluster are. */
async function makeVolume(): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `glovebox-test-${randomUUID()}`;
  await execa("docker", ["volume", "create", name]);
  await inVolume(name, "chmod 777 /glovebox/volume");
  return { name, [Symbol.asyncDispose]: async () => void (await execa("docker", ["volume", "rm", "--force", name])) };
}

async function inVolume(name: string, script: string): Promise<string> {
  const image = (await execa("docker", ["image", "ls", "--quiet", "glovebox/sandbox"])).stdout.split("\n")[0] ?? "";
  const args = ["run", "--rm", "--user", "0:0", "--network", "none", "--volume", `${name}:/glovebox/volume`];
  return (await execa("docker", [...args, "--entrypoint", "/bin/sh", image, "-c", script])).stdout;
}
