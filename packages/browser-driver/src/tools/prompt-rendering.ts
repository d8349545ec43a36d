import { setImmediate } from 'node:timers/promises';

import { type FunctionDeclaration, type ModelInfo, type Plan } from '@aistudio/core';

import { type Prompt, type TextFallbacks, toPrompt } from '../job/prompt.ts';
import { type NativePart } from '../page/not-native-error.ts';
import { toPageDeclaration } from '../page/page-declaration.ts';
import { keepsMeaning } from '../page/page-schema.ts';

/** Capability code of models that take function declarations (wire-format.md §9, index 64). */
const FUNCTIONS = 10;

/**
 * Prepares the rendering of a plan. Schemas are processed one by one, with a turn of the event loop between
 * them.
 */
export async function preparePromptRendering(
  plan: Plan,
  model: ModelInfo | undefined,
): Promise<PromptRendering> {
  const { functions, structuredOutput } = plan.settings;
  for (const each of functions) {
    toPageDeclaration(each); // remembered as long as the plan is
    await setImmediate();
  }
  if (structuredOutput?.schema) {
    keepsMeaning(structuredOutput.schema);
    await setImmediate();
  }
  return new PromptRendering(plan, model);
}

/**
 * How one plan is entered on the page: its functions and the form of its answer by the page's own controls, or
 * as text, depending on the plan, the model, and what the page has accepted so far.
 */
export class PromptRendering {
  readonly #asked: Plan;
  /** Why functions are declared in words that the page could not declare rightly, by their names. */
  readonly #unsayable: ReadonlyMap<string, string>;
  #fallbacks: TextFallbacks;
  #prompt: Prompt | undefined;

  constructor(plan: Plan, model: ModelInfo | undefined) {
    this.#asked = plan;
    const { functions, calling, structuredOutput } = plan.settings;
    const mode = calling?.mode ?? 'auto';
    const isLacking = model !== undefined && lacks(model, FUNCTIONS);
    const schema = structuredOutput?.schema;
    const isInWords = mode === 'emulated' || (mode === 'auto' && isLacking);
    this.#unsayable = mode === 'auto' ? undeclarable(functions) : new Map();
    this.#fallbacks = {
      functions: isInWords ? functions : functions.filter(({ name }) => this.#unsayable.has(name)),
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
        functions: this.#nativeFunctions,
        ...(structuredOutput && !this.#fallbacks.format ? { structuredOutput } : {}),
      },
    };
  }

  /** What is typed. */
  get prompt(): Prompt {
    this.#prompt ??= toPrompt(this.#asked, this.#fallbacks);
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
    const isAllInWords = functions.length > 0 && this.#nativeFunctions.length === 0;
    const isForced = isAllInWords && calling?.mode !== 'emulated';
    const isLossy = !isAllInWords;
    return [
      ...(isForced && this.#unsayable.size < functions.length
        ? [`tools: declared ${inWords} them here`]
        : []),
      ...(isForced && this.#unsayable.size === functions.length ? atMost(this.#reasons) : []),
      ...(isLossy ? atMost([...this.#reasons, ...this.#narrowed]) : []),
      ...(structuredOutput && this.#fallbacks.format
        ? [`response_format: asked for ${inWords} it here`]
        : []),
      ...(this.#fallbacks.system && hasSystem
        ? [`messages: system instructions given ${inWords} them here`]
        : []),
    ];
  }

  /** From now on says this part in words. False when it is so already, or must not be. */
  sayInWords(part: NativePart): boolean {
    const { functions, calling } = this.#asked.settings;
    if (part === 'functions') {
      if (calling?.mode === 'native' || this.#nativeFunctions.length === 0) return false;
      this.#fallbacks = { ...this.#fallbacks, functions };
    } else {
      if (this.#fallbacks[part]) return false;
      if (part === 'format' && !this.#asked.settings.structuredOutput) return false;
      this.#fallbacks = { ...this.#fallbacks, [part]: true };
    }
    this.#prompt = undefined;
    return true;
  }

  get #nativeFunctions(): FunctionDeclaration[] {
    const inWords = new Set(this.#fallbacks.functions);
    return this.#asked.settings.functions.filter((each) => !inWords.has(each));
  }

  get #reasons(): string[] {
    return [...this.#unsayable].map(
      ([name, reason]) => `tools: ${name.slice(0, 64)} declared in words, since ${reason}`,
    );
  }

  get #narrowed(): string[] {
    return this.#nativeFunctions.flatMap((each) => {
      const { lost, narrowed } = toPageDeclaration(each); // lost only where words are forbidden
      const [first, ...others] = [...lost, ...narrowed];
      const more = others.length > 0 ? `, and ${others.length} more` : '';
      return first === undefined ? [] : [`tools: ${each.name}: ${first}${more}`];
    });
  }
}

/** As many warnings as a header holds well. */
const MAX_WARNINGS = 10;
const MAX_LENGTH = 200;

function atMost(warnings: readonly string[]): string[] {
  const rest = warnings.length - MAX_WARNINGS;
  return [
    ...warnings.slice(0, MAX_WARNINGS).map((warning) => warning.slice(0, MAX_LENGTH)),
    ...(rest > 0 ? [`tools: ${rest} more like these`] : []),
  ];
}

/** The functions that the page cannot declare so that their calls are right. */
function undeclarable(functions: readonly FunctionDeclaration[]): ReadonlyMap<string, string> {
  return new Map(
    functions.flatMap((each) => {
      const [reason] = toPageDeclaration(each).lost;
      return reason === undefined ? [] : [[each.name, reason] as const];
    }),
  );
}

/** A list without capabilities comes from the page itself and says nothing. */
const lacks = ({ capabilities }: ModelInfo, code: number): boolean =>
  capabilities.length > 0 && !capabilities.includes(code);
