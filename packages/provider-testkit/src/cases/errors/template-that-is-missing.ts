import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const templateThatIsMissing: ConformanceCase = {
  name: "errors/template",
  title: "Fails with a template error for a missing image and a failing build, whose output is in the message",
  requires: ({ templates }) => templates.image || templates.dockerfile,
  timeoutMs: 180_000,
  async run({ provider, capabilities, spec, list, template }) {
    if (capabilities.templates.image) {
      // Nobody listens there: the answer needs no network.
      const reference = "localhost:1/glovebox-testkit/missing:0";
      const error = await rejectsWith("template", provider.prepare({ base: { kind: "image", reference }, layers: [] }));
      assert.ok(error.message.includes(reference), `the image is named: ${error.message}`);
    }
    if (capabilities.templates.dockerfile) {
      const directory = mkdtempSync(join(tmpdir(), "glovebox-testkit-"));
      try {
        const path = join(directory, "Dockerfile");
        writeFileSync(path, `FROM ${template.reference}\nRUN echo the-last-words; exit 41\n`);
        const error = await rejectsWith(
          "template",
          provider.prepare({ base: { kind: "dockerfile", path }, layers: [] }),
        );
        assert.match(error.message, /the-last-words/);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
    const labels = spec().labels;
    const gone = { ...template, reference: `${template.reference}-that-is-gone` };
    await rejectsWith(["template", "invalid-options"], provider.create(spec({ labels, template: gone })), "create");
    assert.deepEqual(await list(labels), []);
  },
};
