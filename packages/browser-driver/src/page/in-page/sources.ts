/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Segment } from '../answer-view.ts';
import { type Answer } from './answer.ts';
import { type Dom } from './dom.ts';

/** A finished answer, as the model wrote it. */
export interface Sources {
  /**
   * The answer's segments with the source of each text, read by the page's own means: its edit view,
   * else Copy markdown (page.md §5.1). Where neither gives a text that agrees with what is shown,
   * the segment stays as shown.
   */
  read(timeoutMs: number): Promise<Segment[]>;
}

/** Makes {@link Sources}. Runs in the page: refers to nothing outside itself. */
export function createSources(dom: Dom, answer: Answer): Sources {
  /** How long a turn that scrolls into view takes to get its content back (page.md §5), ms. */
  const SCROLL_MS = 1000;
  /** How many words are looked up to see whether a source belongs to what is shown. */
  const SAMPLE = 200;

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

  /** The whole turn, with its buttons around its content. */
  const hostOf = (turn: HTMLElement): HTMLElement => {
    let host: HTMLElement | null = turn;
    while (host && !dom.is(host, 'turnHost')) host = host.parentElement;
    return host ?? turn;
  };

  /** `data-value` keeps what a textarea changes: its line ends. */
  const editorsOf = (turn: HTMLElement): string[] => {
    const all = dom.allWithin(turn, 'turnEditor');
    return all.map((editor) => {
      const field = editor.querySelector('textarea') ?? editor;
      const value = field instanceof HTMLTextAreaElement ? field.value : '';
      const said = editor.getAttribute('data-value');
      return said !== null && lines(said) === lines(value) ? said : value;
    });
  };

  const byEditing = async (turn: HTMLElement, timeoutMs: number): Promise<string[]> => {
    const button = dom.within(hostOf(turn), 'editTurn');
    if (!button) return [];
    button.click();
    await dom.until(() => editorsOf(turn).length > 0, timeoutMs);
    const texts = editorsOf(turn);
    if (texts.length > 0) dom.within(hostOf(turn), 'editTurn')?.click();
    await dom.until(() => editorsOf(turn).length === 0, timeoutMs);
    return texts;
  };

  /** Through the clipboard, which first gets a mark so that a copy that never came is noticed. */
  const byCopying = async (turn: HTMLElement, timeoutMs: number): Promise<string | undefined> => {
    const mark = `nothing was copied (${crypto.randomUUID()})`;
    try {
      await navigator.clipboard.writeText(mark);
      dom.within(hostOf(turn), 'turnOptions')?.click();
      const item = await dom.until(() => dom.find('copyMarkdown'), timeoutMs);
      if (!item) return undefined;
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

  const readTurn = async (turn: HTMLElement, timeoutMs: number): Promise<Segment[]> => {
    turn.scrollIntoView({ block: 'end' }); // out of view it has no content, and thoughts are folded
    await dom.until(() => {
      const now = answer.segmentsOf(turn, false);
      return now.length > 0 && now.every(({ kind, text }) => kind !== 'thought' || text !== '');
    }, SCROLL_MS);
    const shown = answer.segmentsOf(turn, true);
    const texts = shown.filter(({ kind }) => kind === 'text');
    if (texts.length === 0) return shown;
    let sources = await byEditing(turn, timeoutMs);
    const isWhole = (): boolean =>
      sources.length === texts.length &&
      texts.every((text, index) => agrees(sources[index] ?? '', text));
    if (!isWhole() && texts.length === 1) {
      const copied = await byCopying(turn, timeoutMs);
      sources = copied === undefined ? [] : [copied];
    }
    if (!isWhole()) return shown;
    return shown.map((segment) =>
      segment.kind === 'text'
        ? { ...segment, text: sources.shift() ?? '', isSource: true }
        : segment,
    );
  };

  return {
    async read(timeoutMs) {
      const segments: Segment[] = [];
      for (const turn of answer.turns()) segments.push(...(await readTurn(turn, timeoutMs)));
      return segments;
    },
  };
}
