import { type ModelInfo, type Plan } from '@aistudio/core';

import { type Prompt, type Spoken, toPrompt } from '../job/prompt.ts';
import { type NativePart } from '../page/not-native-error.ts';
import { keepsMeaning } from '../page/page-schema.ts';

/** Capability code of models that take function declarations (wire-format.md §9, index 64). */
const FUNCTIONS = 10;

/**
 * How one plan is put to the page: its functions and the form of its answer by the page's own means,
 * or in words, as the plan demands, the model allows, and the page has taken it so far.
 */
export class Wording {
  readonly #asked: Plan;
  #spoken: Spoken;
  #prompt: Prompt | undefined;

  constructor(plan: Plan, model: ModelInfo | undefined) {
    this.#asked = plan;
    const { functions, calling, structuredOutput } = plan.settings;
    const mode = calling?.mode ?? 'auto';
    const isLacking = model !== undefined && lacks(model, FUNCTIONS);
    const schema = structuredOutput?.schema;
    this.#spoken = {
      functions: mode === 'emulated' || (mode === 'auto' && isLacking),
      // A form that the page enforces would leave no room for a call.
      format: functions.length > 0 || (schema !== undefined && !keepsMeaning(schema)),
      system: false,
    };
  }

  /** The plan, with those settings alone that the page is to show. */
  get plan(): Plan {
    const { structuredOutput, ...settings } = this.#asked.settings;
    return {
      ...this.#asked,
      settings: {
        ...settings,
        functions: this.#spoken.functions ? [] : settings.functions,
        ...(structuredOutput && !this.#spoken.format ? { structuredOutput } : {}),
      },
    };
  }

  /** What is typed. */
  get prompt(): Prompt {
    this.#prompt ??= toPrompt(this.#asked, this.#spoken);
    return this.#prompt;
  }

  /**
   * What is said in words in place of the page's own means, by the parameters it comes from; not
   * what the client itself wants to be said so.
   */
  get warnings(): string[] {
    const { functions, calling, structuredOutput } = this.#asked.settings;
    const hasSystem = this.#asked.turns.some(({ role }) => role === 'system');
    const inWords = 'in words, since AI Studio does not take';
    const isForced = this.#spoken.functions && calling?.mode !== 'emulated';
    return [
      ...(functions.length > 0 && isForced ? [`tools: declared ${inWords} them here`] : []),
      ...(structuredOutput && this.#spoken.format
        ? [`response_format: asked for ${inWords} it here`]
        : []),
      ...(this.#spoken.system && hasSystem
        ? [`messages: system instructions given ${inWords} them here`]
        : []),
    ];
  }

  /** From now on says this part in words. False when it is so already, or must not be. */
  sayInWords(part: NativePart): boolean {
    const isForbidden = part === 'functions' && this.#asked.settings.calling?.mode === 'native';
    if (isForbidden || this.#spoken[part]) return false;
    this.#spoken = { ...this.#spoken, [part]: true };
    this.#prompt = undefined;
    return true;
  }
}

/** A list without capabilities comes from the page itself and says nothing. */
const lacks = ({ capabilities }: ModelInfo, code: number): boolean =>
  capabilities.length > 0 && !capabilities.includes(code);
