import { type Chance } from './chance.ts';

/** Words that interfaces use for each other. */
const SYNONYMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  add: ['Insert', 'New', 'Attach'],
  advanced: ['More', 'Expert'],
  allow: ['Permit'],
  answer: ['Reply'],
  assets: ['content', 'attachments'],
  auto: ['automatic'],
  blocked: ['withheld', 'hidden'],
  budget: ['allowance', 'limit'],
  chat: ['conversation', 'session'],
  chip: ['tag'],
  close: ['Hide', 'Dismiss'],
  code: ['source'],
  collapse: ['Hide', 'Fold'],
  content: ['Response', 'Material'],
  context: ['source'],
  continue: ['Proceed'],
  copy: ['Duplicate', 'Get'],
  declarations: ['definitions'],
  discard: ['Throw away', 'Drop'],
  edit: ['Change', 'Modify'],
  editor: ['view'],
  enter: ['Type', 'Write'],
  error: ['problem', 'failure'],
  exceeded: ['used up', 'gone over'],
  execution: ['runs'],
  expand: ['Show', 'Unfold'],
  failed: ['Could not'],
  file: ['document'],
  files: ['documents'],
  function: ['tool'],
  functions: ['tools'],
  generate: ['create'],
  generation: ['response'],
  good: ['Helpful'],
  grounding: ['Search'],
  images: ['pictures'],
  insert: ['Add', 'Attach'],
  instructions: ['guidance', 'prompt'],
  internal: ['unexpected'],
  length: ['size'],
  level: ['effort', 'amount'],
  limit: ['cap', 'maximum'],
  manual: ['custom'],
  markdown: ['source text'],
  maximum: ['Max', 'Longest'],
  media: ['attachment', 'file'],
  model: ['engine'],
  new: ['Start a', 'Fresh'],
  open: ['Show', 'View'],
  options: ['menu', 'actions'],
  output: ['response', 'answer'],
  panel: ['sidebar', 'pane'],
  prompt: ['message', 'request'],
  quota: ['allowance'],
  rate: ['usage'],
  reached: ['hit'],
  remove: ['Delete', 'Clear'],
  reset: ['Restore', 'Clear'],
  response: ['answer', 'reply'],
  run: ['Submit', 'Send', 'Generate'],
  save: ['Apply', 'Done'],
  schema: ['format'],
  search: ['Find', 'Filter'],
  select: ['Choose', 'Pick'],
  selector: ['picker'],
  send: ['Submit'],
  sequence: ['string', 'word'],
  set: ['Choose'],
  settings: ['options', 'parameters'],
  stop: ['Cancel', 'End', 'Halt'],
  structured: ['JSON', 'Typed'],
  system: ['Global'],
  temperature: ['Creativity'],
  temporary: ['Private', 'Incognito'],
  thinking: ['Reasoning'],
  thoughts: ['Reasoning'],
  toggle: ['Show or hide', 'Switch'],
  token: ['word'],
  tokens: ['words'],
  tool: ['capability'],
  tools: ['capabilities'],
  upload: ['Attach', 'Choose'],
  url: ['link', 'web page'],
  user: ['account'],
};

/** The same thing in other words: never the text itself, unless nothing can be changed. */
export function reword(text: string, chance: Chance): string {
  const ways = [bySynonym, bySynonym, byCase, byShortening, byLengthening];
  const first = Math.floor(chance.of('way', text) * ways.length);
  for (const way of [...ways.slice(first), ...ways.slice(0, first)]) {
    const other = way(text, chance);
    if (other !== text) return other;
  }
  return text;
}

function bySynonym(text: string, chance: Chance): string {
  const known = [...text.matchAll(/[A-Za-z]+/g)].filter(
    ([word]) => SYNONYMS[word.toLowerCase()] !== undefined,
  );
  const chosen = known[Math.floor(chance.of('word', text) * known.length)];
  const words = SYNONYMS[chosen?.[0].toLowerCase() ?? ''];
  if (!chosen || !words) return text;
  const [old] = chosen;
  const word = chance.pick(words, 'synonym', text);
  const inCase = /^[A-Z]/.test(old)
    ? capitalised(word)
    : word.charAt(0).toLowerCase() + word.slice(1);
  return text.slice(0, chosen.index) + inCase + text.slice(chosen.index + old.length);
}

/** Title Case becomes sentence case, and the reverse. */
function byCase(text: string): string {
  const [first = '', ...rest] = text.split(' ');
  const lower = [first, ...rest.map((word) => word.toLowerCase())].join(' ');
  if (lower !== text) return lower;
  return [first, ...rest.map(capitalised)].join(' ');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function byShortening(text: string): string {
  const words = text.split(' ');
  return words.length < 3 ? text : words.slice(0, Math.ceil(words.length / 2)).join(' ');
}

function byLengthening(text: string, chance: Chance): string {
  const prefix = chance.pick(['Your', 'My', 'The'], 'prefix', text);
  return `${prefix} ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
