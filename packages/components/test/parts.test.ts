// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a shell, or Claude Code, that expands it.
import { placeSkills } from "@glovebox/core/harness";
import { afterAll, expect, it } from "vitest";
import { directoryWorkspace, planParts } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { OpenSample } from "./open-sample.ts";

const sample = await OpenSample.create({
  "agents/reviewer.md": "---\nname: reviewer\ndescription: Reviews a change\ntools: Read\n---\nBe strict.\n",
  "commands/git/pr.md": "---\ndescription: Opens a pull request\n---\nOpen one for $ARGUMENTS.\n",
  "skills/pdf/SKILL.md": "---\nname: pdf\ndescription: Fills forms\n---\nRun .claude/skills/pdf/scripts/fill.sh\n",
  "skills/pdf/scripts/fill.sh!": "#!/bin/sh\n",
  "mcps/notes.json": JSON.stringify({
    mcpServers: {
      notes: { command: "notes", args: ["--token", "${NOTES_TOKEN}"], env: { LEVEL: "1" } },
      remote: {
        type: "http",
        url: "https://mcp.example.com/mcp",
        headers: { Authorization: "Bearer ${REMOTE_TOKEN}" },
      },
    },
  }),
});
const workspace = await TestDirectory.create({ ".mcp.json": '{"mcpServers":{"own":{"command":"own"}}}' });

afterAll(() => Promise.all([sample[Symbol.asyncDispose](), workspace[Symbol.asyncDispose]()]));

it("takes a plan apart for a harness that has places of its own", async () => {
  const plan = await sample.plan({ agent: ["reviewer"], command: ["git/pr"], skill: ["pdf"], mcp: ["notes"] });
  const { parts, files } = planParts(plan);
  expect(files).toEqual([]);
  expect(parts).toMatchObject({
    agents: [{ name: "reviewer", description: "Reviews a change", instructions: "Be strict." }],
    commands: [{ name: "pr", description: "Opens a pull request", prompt: "Open one for $ARGUMENTS." }],
    skills: [{ name: "pdf", files: [{ path: "SKILL.md" }, { path: "scripts/fill.sh", mode: 0o755 }] }],
    mcpServers: [
      { name: "notes", command: "notes", args: ["--token", "${NOTES_TOKEN}"], env: { LEVEL: "1" } },
      {
        name: "remote",
        transport: "http",
        url: "https://mcp.example.com/mcp",
        headers: { Authorization: "Bearer ${REMOTE_TOKEN}" },
      },
    ],
  });
  const placed = placeSkills(parts.skills, ".agents/skills");
  expect(placed.map(({ path }) => path)).toEqual([".agents/skills/pdf/SKILL.md", ".agents/skills/pdf/scripts/fill.sh"]);
  expect(Buffer.from(placed[0]?.bytes ?? []).toString()).toContain("Run .agents/skills/pdf/scripts/fill.sh");
});

it("leaves the workspace's own MCP servers out of a plan's parts", async () => {
  const plan = await sample.plan({ mcp: ["notes"] }, { existing: directoryWorkspace(workspace.path) });
  expect(planParts(plan).parts.mcpServers.map(({ name }) => name)).toEqual(["notes", "remote"]);
});
