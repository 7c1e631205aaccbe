import { expect, it } from "vitest";
import { quotedPrompt } from "./quoted-prompt.ts";

it.each([
  [["fix", "the", "test"], 'glovebox run "fix the test"'],
  [["don't", "ask"], 'glovebox run "don\'t ask"'],
  [["print", "$HOME", "don't"], "glovebox run 'print $HOME don'\\''t'"],
])("quotes %j", (words, command) => expect(quotedPrompt(words)).toBe(command));
