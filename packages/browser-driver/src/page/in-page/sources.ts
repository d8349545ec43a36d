/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Segment } from '../answer-view.ts';
import { type Answer } from './answer.ts';
import { type Dom } from './dom.ts';

/** A finished answer, as the model wrote it. */
export interface Sources {
  /**
   * The answer's segments with the source of each text, read by the page's own means: its edit view,
   * else Copy as markdown (page.md §5.1). Where neither gives a text that agrees with what is shown,
   * the segment stays as shown.
   */
  read(timeoutMs: number): Promise<Segment[]>;
}

/** Makes {@link Sources}. Runs in the page: refers to nothing outside itself. */
export function createSources(dom: Dom, answer: Answer): Sources {
  /** How long a turn that scrolls into view takes to get its content back (page.md §5), ms. */
  const SCROLL_MS = 1000;
  /** How much later than it should an edit view may still open, ms. */
  const LATE_MS = 30_000;
  /** How many words are looked up to see whether a source belongs to what is shown. */
  const SAMPLE = 200;

  /** One turn, wherever the page keeps it now: pages make turns anew, for example to edit them. */
  interface Place {
    /** Its content. */
    readonly turn: () => HTMLElement;
    /** All of it, with its buttons around the content. */
    readonly host: () => HTMLElement;
  }

  const hostOf = (turn: HTMLElement): HTMLElement => dom.closest(turn, 'turnHost') ?? turn;

  const placeOf = (first: HTMLElement, index: number): Place => {
    const { id } = hostOf(first);
    const isOurs = (turn: HTMLElement): boolean => id !== '' && hostOf(turn).id === id;
    const turn = (): HTMLElement =>
      answer.turns().find(isOurs) ?? (first.isConnected ? first : answer.turns()[index]) ?? first;
    const byId = (): HTMLElement | null => (id === '' ? null : document.getElementById(id));
    return { turn, host: () => byId() ?? hostOf(turn()) };
  };

  const lines = (text: string): string => text.replace(/\r\n?/g, '\n');

  /** Whether the words that are shown are in the source. The page may lag behind. */
  const agrees = (source: string, { text }: Segment): boolean => {
    const words = [...new Set(text.match(/[\p{L}\p{N}]+/gu))];
    const step = Math.max(1, Math.floor(words.length / SAMPLE));
    const sample = words.filter((_, index) => index % step === 0);
    const found = sample.filter((word) => source.includes(word)).length;
    // Entities, formulas and emphasis inside words read differently in the source.
    return found >= sample.length * 0.7;
  };

  /** `data-value` keeps what a textarea changes: its line ends. */
  const editorsOf = ({ host }: Place): string[] => {
    const all = dom.allWithin(host(), 'turnEditor');
    return all.map((editor) => {
      const field = editor.querySelector('textarea') ?? editor;
      const value = dom.valueOf(field) ?? '';
      const said = editor.getAttribute('data-value');
      return said !== null && lines(said) === lines(value) ? said : value;
    });
  };

  const isEditing = (place: Place): boolean => editorsOf(place).length > 0;
  const pressEdit = ({ host }: Place): void => dom.within(host(), 'editTurn')?.click();

  /** Closes an edit view that opens after we have given it up: Run stays off while one is open. */
  const closeWhenLate = async (place: Place): Promise<void> => {
    const isOpen = await dom.until(() => isEditing(place), LATE_MS).catch(() => undefined);
    if (isOpen === true) pressEdit(place);
  };

  const byEditing = async (place: Place, timeoutMs: number): Promise<string[]> => {
    if (!dom.within(place.host(), 'editTurn')) return [];
    pressEdit(place);
    await dom.until(() => isEditing(place), timeoutMs);
    const texts = editorsOf(place);
    if (texts.length === 0) {
      void closeWhenLate(place);
      return [];
    }
    pressEdit(place);
    await dom.until(() => !isEditing(place), timeoutMs);
    return texts;
  };

  /** Through the clipboard, which first gets a mark so that a copy that never came is noticed. */
  const byCopying = async ({ host }: Place, timeoutMs: number): Promise<string | undefined> => {
    const mark = `nothing was copied (${crypto.randomUUID()})`;
    try {
      await navigator.clipboard.writeText(mark);
      dom.within(host(), 'turnOptions')?.click();
      const item = await dom.until(() => dom.find('copyMarkdown'), timeoutMs);
      if (!item) {
        if (dom.find('menu')) dom.press(document.activeElement ?? document.body, 'Escape');
        return undefined;
      }
      item.click();
      for (const giveUpAt = Date.now() + timeoutMs; Date.now() < giveUpAt;) {
        const text = await navigator.clipboard.readText();
        if (text !== mark) return text;
        await dom.until(() => false, 50);
      }
    } catch {
      // no permission, or not the focused page: there is no clipboard to copy through
    }
    return undefined;
  };

  /**
   * The source of each text in turn, from the fields of an edit view: one field for each text; or
   * more, where code that was run has one too; or one for texts that follow each other. Undefined
   * where they do not agree.
   */
  const match = (shown: readonly Segment[], fields: readonly string[]): string[] | undefined => {
    const texts = shown.filter(({ kind }) => kind === 'text');
    const isWhole = (sources: readonly string[]): boolean =>
      sources.length === texts.length &&
      texts.every((text, index) => agrees(sources[index] ?? '', text));
    if (isWhole(fields)) return [...fields];
    const code = shown.flatMap(({ kind, text }) => (kind === 'code' ? codeIn(text) : []));
    const others = fields.filter((field) => !code.includes(lines(field).trim()));
    if (isWhole(others)) return others;
    const first = shown.findIndex(({ kind }) => kind === 'text');
    const last = shown.findLastIndex(({ kind }) => kind === 'text');
    const [only] = others;
    const isTogether = last - first + 1 === texts.length;
    if (others.length !== 1 || only === undefined || !isTogether) return undefined;
    if (!texts.every((text) => agrees(only, text))) return undefined;
    return texts.map((_, index) => (index === 0 ? only : ''));
  };

  /** The text of a segment of code, without the white space around it. */
  const codeIn = (text: string): string => {
    const parts: unknown = JSON.parse(text);
    return lines(Array.isArray(parts) ? String(parts.at(-1)) : '').trim();
  };

  const readTurn = async (place: Place, timeoutMs: number): Promise<Segment[]> => {
    // Out of view it has no content, and thoughts are folded.
    place.turn().scrollIntoView({ block: 'end' });
    await dom.until(() => {
      const now = answer.segmentsOf(place.turn(), false);
      return now.length > 0 && now.every(({ kind, text }) => kind !== 'thought' || text !== '');
    }, SCROLL_MS);
    const shown = answer.segmentsOf(place.turn(), true);
    const texts = shown.filter(({ kind }) => kind === 'text');
    const isRaw = dom.allWithin(place.turn(), 'rawText').length === texts.length;
    if (isRaw && texts.every(({ isSource }) => isSource)) return shown;
    let sources = match(shown, await byEditing(place, timeoutMs));
    if (!sources && texts.length === 1 && shown.every(({ kind }) => kind !== 'code')) {
      const copied = await byCopying(place, timeoutMs);
      sources = copied === undefined ? undefined : match(shown, [copied]);
    }
    if (!sources) return shown;
    return shown.map((segment) =>
      segment.kind === 'text'
        ? { ...segment, text: sources.shift() ?? '', isSource: true }
        : segment,
    );
  };

  return {
    async read(timeoutMs) {
      const segments: Segment[] = [];
      const places = answer.turns().map(placeOf);
      for (const place of places) segments.push(...(await readTurn(place, timeoutMs)));
      return segments;
    },
  };
}
