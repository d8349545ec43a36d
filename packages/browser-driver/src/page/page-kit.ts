import { type JSHandle, type Page } from 'playwright';

import { DIALOG_STRATEGIES } from './dialogs.ts';
import { type Answer, createAnswer } from './in-page/answer.ts';
import { type Apply, createApply } from './in-page/apply.ts';
import { createFeatures, type Feature } from './in-page/candidates.ts';
import { type Chat, createChat } from './in-page/chat.ts';
import { createDom, type Dom } from './in-page/dom.ts';
import { createEnsure } from './in-page/ensure.ts';
import { createEvidence, type Evidence } from './in-page/evidence.ts';
import { createImages, type Images } from './in-page/images.ts';
import { createNaming } from './in-page/naming.ts';
import { createOverlays, type Overlays } from './in-page/overlays.ts';
import { createPanelDialogs } from './in-page/panel-dialogs.ts';
import { createPanel, type Panel } from './in-page/panel.ts';
import { createPlaces } from './in-page/places.ts';
import { createPrompt, type Prompt } from './in-page/prompt.ts';
import { createRunControl, type RunControl } from './in-page/run-control.ts';
import { createSources, type Sources } from './in-page/sources.ts';
import { createSurvey, type Survey } from './in-page/survey.ts';
import { createSystemCard } from './in-page/system-card.ts';
import { createUpload, type Upload } from './in-page/upload.ts';
import { createUsableSelectors } from './in-page/usable-selectors.ts';
import { builtInKnowledge, type PageKnowledge } from './page-knowledge.ts';
import { NUMBER_NAMES, TOGGLE_NAMES } from './panel-state.ts';
import { ELEMENT_NAMES } from './selectors.ts';

/** Everything we can do inside one document, without leaving a trace in its globals. */
export interface PageKit {
  readonly dom: Dom;
  readonly run: RunControl;
  readonly prompt: Prompt;
  readonly chat: Chat;
  readonly answer: Answer;
  readonly sources: Sources;
  readonly images: Images;
  readonly upload: Upload;
  readonly panel: Panel;
  readonly apply: Apply;
  readonly overlays: Overlays;
  readonly survey: Survey;
  readonly evidence: () => Evidence;
  /** Describes everything that could be a control. */
  readonly features: () => Feature[];
  /** Alternates that are not in use, because the browser does not understand them. */
  readonly refused: readonly string[];
  /** How long after an act the page may still be changing, ms. */
  readonly settleMs: () => number;
}

const json = JSON.stringify;

// The functions travel as source. Some TypeScript runners wrap named functions in a helper of this
// name, which the page does not have.
const sourceOf = ({ table }: PageKnowledge): string => `(() => {
  const __name = (value) => value;
  const usable = (${createUsableSelectors.toString()})(${json(table)});
  const naming = (${createNaming.toString()})();
  const places = (${createPlaces.toString()})(naming);
  const dom = (${createDom.toString()})(usable.table, naming, places);
  const ensure = (${createEnsure.toString()})(dom);
  const systemCard = (${createSystemCard.toString()})(dom);
  const panel = (${createPanel.toString()})(dom, ensure, systemCard, ${json(NUMBER_NAMES)}, ${json(TOGGLE_NAMES)});
  const run = (${createRunControl.toString()})(dom, ensure);
  const answer = (${createAnswer.toString()})(dom, run);
  const dialogs = (${createPanelDialogs.toString()})(dom, ensure, systemCard);
  const survey = (${createSurvey.toString()})(dom, ${json(ELEMENT_NAMES)});
  return {
    dom,
    run,
    prompt: (${createPrompt.toString()})(dom),
    chat: (${createChat.toString()})(dom, ensure, run),
    answer,
    images: (${createImages.toString()})(),
    sources: (${createSources.toString()})(dom, answer),
    upload: (${createUpload.toString()})(dom),
    panel,
    apply: (${createApply.toString()})(dom, panel, dialogs),
    overlays: (${createOverlays.toString()})(dom, ${json(DIALOG_STRATEGIES)}),
    survey,
    settleMs: () => ensure.settleMs(),
    evidence: (${createEvidence.toString()})(survey),
    features: (${createFeatures.toString()})(dom, ${json(ELEMENT_NAMES)}),
    refused: usable.refused,
  };
})()`;

/** Brings the kit into the page's present document. It lives as long as the document does. */
export async function installPageKit(
  page: Page,
  knowledge: PageKnowledge = builtInKnowledge.current,
): Promise<JSHandle<PageKit>> {
  return page.evaluateHandle<PageKit>(sourceOf(knowledge));
}
