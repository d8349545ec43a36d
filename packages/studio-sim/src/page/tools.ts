import { type MarkName } from './marks.ts';
import { CAPABILITY, type Model } from './model-record.ts';

/** A tool of the Tools group. */
export type ToolName =
  | 'structuredOutput'
  | 'codeExecution'
  | 'functionCalling'
  | 'googleSearch'
  | 'urlContext'
  | 'googleMaps';

/** A tool as the panel and the menu show it (page.md §6.5). */
export interface Tool {
  readonly name: ToolName;
  readonly title: string;
  /** Marks of the row and of the toggle. */
  readonly row: MarkName;
  readonly toggle: MarkName;
  /** Capability the model must have; none: any model that chats. */
  readonly capability: number | undefined;
  /** Tools of one group exclude those of the other where the model says that tools exclude. */
  readonly group: 'built-in' | 'declared';
}

/** Every tool, in the order of the panel. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'structuredOutput',
    title: 'Structured outputs',
    row: 'structuredOutputRow',
    toggle: 'structuredOutputToggle',
    capability: undefined,
    group: 'declared',
  },
  {
    name: 'codeExecution',
    title: 'Code execution',
    row: 'codeExecutionRow',
    toggle: 'codeExecutionToggle',
    capability: CAPABILITY.codeExecution,
    group: 'built-in',
  },
  {
    name: 'functionCalling',
    title: 'Function calling',
    row: 'functionCallingRow',
    toggle: 'functionCallingToggle',
    capability: CAPABILITY.functions,
    group: 'declared',
  },
  {
    name: 'googleSearch',
    title: 'Grounding with Google Search',
    row: 'googleSearchRow',
    toggle: 'googleSearchToggle',
    capability: CAPABILITY.search,
    group: 'built-in',
  },
  {
    name: 'urlContext',
    title: 'URL context',
    row: 'urlContextRow',
    toggle: 'urlContextToggle',
    capability: CAPABILITY.urlContext,
    group: 'built-in',
  },
  {
    name: 'googleMaps',
    title: 'Grounding with Google Maps',
    row: 'googleMapsRow',
    toggle: 'googleMapsToggle',
    capability: CAPABILITY.maps,
    group: 'built-in',
  },
];

/** Whether the page offers the tool for the model. */
export function isOffered({ capability }: Tool, model: Model | undefined): boolean {
  if (!model) return false;
  const { capabilities } = model;
  if (capability !== undefined) return capabilities.has(capability);
  return capabilities.has(CAPABILITY.chat) && !capabilities.has(CAPABILITY.imageOut);
}

/** Whether a tool that is on keeps this one from being switched on. */
export function isBlocked(
  tool: Tool,
  active: ReadonlySet<ToolName>,
  model: Model | undefined,
): boolean {
  if (!model?.hasExclusions || active.has(tool.name)) return false;
  return TOOLS.some(({ name, group }) => active.has(name) && group !== tool.group);
}
