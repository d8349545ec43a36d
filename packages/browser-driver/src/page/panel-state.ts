/** The number fields of the run-settings panel (page.md §6.3, §6.4). */
export const NUMBER_NAMES = ['temperature', 'topP', 'maxOutputTokens', 'thinkingBudget'] as const;
export type NumberName = (typeof NUMBER_NAMES)[number];

/** The switches of the run-settings panel (page.md §6.4, §6.5). */
export const TOGGLE_NAMES = [
  'thinking',
  'manualBudget',
  'structuredOutput',
  'codeExecution',
  'functionCalling',
  'googleSearch',
  'urlContext',
  'googleMaps',
] as const;
export type ToggleName = (typeof TOGGLE_NAMES)[number];

/** What the run-settings panel shows. A control that the model does not offer is absent. */
export interface PanelState {
  /** The model's id where the page shows it (U2). */
  readonly modelId?: string;
  /** The model's display name (all the newest page shows). */
  readonly modelTitle?: string;
  readonly numbers: Partial<Record<NumberName, { value: number; min?: number; max?: number }>>;
  readonly toggles: Partial<Record<ToggleName, { isOn: boolean; isDisabled: boolean }>>;
  /** Lower case, as shown: `minimal`, `low`, `medium`, `high`. */
  readonly thinkingLevel?: string;
  readonly stop?: string[];
  /** Whether system instructions are set. */
  readonly hasSystem?: boolean;
}

/** One difference to be made on the panel. */
export type PanelChange =
  | { readonly type: 'model'; readonly id: string; readonly title?: string }
  | { readonly type: 'system'; readonly text: string }
  | { readonly type: 'toggle'; readonly name: ToggleName; readonly isOn: boolean }
  | { readonly type: 'functions'; readonly json: string }
  | { readonly type: 'schema'; readonly json: string }
  | { readonly type: 'level'; readonly level: string }
  | { readonly type: 'number'; readonly name: NumberName; readonly value: number }
  | { readonly type: 'stop'; readonly sequences: string[] };

/** Why a change could not be made. */
export interface PanelProblem {
  /** Index of the change. */
  readonly index: number;
  readonly kind: 'missing' | 'disabled' | 'unmoved' | 'rejected' | 'unlisted';
  /** The page's own words where it gave any, else the element that was looked for. */
  readonly detail: string;
}
