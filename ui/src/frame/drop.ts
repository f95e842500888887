import { deploymentOf } from "../account/account.svelte";
import type { Survey } from "../bindings";
import { surveyed } from "../words";

/** What dropping on the window does, and of what it would be made. */
export function dropWords(survey: Survey | null): { does: string; what: string } {
  if (!survey) return { does: "Drop to make a draft", what: "" };
  const what = surveyed(survey);
  const cloud = deploymentOf(survey.names);
  if (cloud && survey.otherFiles === 1) return { does: "Joins a label’s cloud", what: cloud };
  if (survey.soundFiles === 0 && survey.folders === 0) {
    return survey.pictures > 0
      ? { does: "A picture alone makes no draft", what: "Drop it on a draft's artwork." }
      : { does: "There is no sound file in this", what };
  }
  const name = survey.names.length === 1 ? survey.names[0] : undefined;
  return { does: name ? `Makes a draft of “${name}”` : "Makes a draft of these", what };
}
