import { expect, it } from "vitest";
import { recordAnswers, repeatAnswers } from "./recorded-answers.ts";

it("answers each question as the user did, and what the user was not asked with no", async () => {
  const { questions, answers } = recordAnswers({
    consent: async () => true,
    consentToGive: async (question) => question === "Give A?",
    askTrust: async () => undefined,
    askValue: async () => "a value",
  });
  await questions.consent("Install it?");
  await questions.consentToGive("Give A?");
  await questions.consentToGive("Give B?");
  await questions.askTrust("Trust it?");
  await questions.askValue("Which value?");
  const again = repeatAnswers(structuredClone(answers));
  expect(await again.consent("Install it?")).toBe(true);
  expect(await again.consent("Install another one?")).toBe(false);
  expect(await again.consentToGive("Give A?")).toBe(true);
  expect(await again.consentToGive("Give B?")).toBe(false);
  expect(await again.askTrust("Trust it?")).toBeUndefined();
  expect(await again.askValue("Which value?")).toBe("a value");
  expect(await again.askValue("And this one?")).toBeUndefined();
});
