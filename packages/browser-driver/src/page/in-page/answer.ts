/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type AnswerUpdate, type PageMessages, type Segment } from '../answer-view.ts';
import { type Dom } from './dom.ts';
import { type RunControl } from './run-control.ts';

/** The answer that the page is writing (page.md §5, §9). */
export interface Answer {
  /** Says that a prompt is about to be sent: what the page complains about now is old. */
  expect(): void;
  /** What the page has said since `expect`. */
  messages(): PageMessages;
  /** Waits for the turn of a prompt, or for signs of an answer; false after `timeoutMs`. */
  untilAsked(timeoutMs: number): Promise<boolean>;
  /** Makes the next update start at the beginning of the answer. */
  rewind(): void;
  /** What is new since the last update: as soon as there is anything, or after `timeoutMs`. */
  next(timeoutMs: number): Promise<AnswerUpdate>;
  /** The turns of the answer, oldest first. */
  turns(): HTMLElement[];
  /**
   * What one turn shows now; nothing while it is out of view. Text that is rendered comes without
   * its line breaks unless `isLegible`, which takes longer.
   */
  segmentsOf(turn: HTMLElement, isLegible: boolean): Segment[];
}

/** Makes an {@link Answer}. Runs in the page: refers to nothing outside itself. */
export function createAnswer(dom: Dom, run: RunControl): Answer {
  /** Longer than any sentence of the page itself: words of a chunk that we do not know. */
  const MAX_REMARK = 600;
  let told: Segment[] = [];
  let toldState = '';
  /** What turns showed before they scrolled out of view and lost their content (page.md §5). */
  let remembered = new Map<string, Segment[]>();
  const unfolded = new WeakSet<Element>();
  const old = new WeakSet<Element>();

  const complaints = (): HTMLElement[] => [...dom.findAll('callout'), ...dom.findAll('toast')];

  const isAfter = (element: Element, other: Element): boolean =>
    (other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  /** The model's turns since the user's last one; an empty user turn may stand at the very end. */
  const turns = (): HTMLElement[] => {
    const all = dom.findAll('modelTurn');
    const last = all.at(-1);
    const asked = last && dom.findAll('userTurn').findLast((turn) => isAfter(last, turn));
    return asked ? all.filter((turn) => isAfter(turn, asked)) : all;
  };

  /** A text without the controls and icons in between. */
  const sourceOf = (chunk: HTMLElement): string => {
    const copy = dom.within(chunk, 'furniture') ? document.importNode(chunk, true) : chunk;
    for (const item of copy === chunk ? [] : dom.allWithin(copy, 'furniture')) item.remove();
    return copy.textContent ?? '';
  };

  /** Tags that begin and end a line. */
  const BLOCKS = /^(P|DIV|LI|UL|OL|PRE|TR|TABLE|BLOCKQUOTE|HR|BR|H[1-6])$/;

  /** What rendering shows, one line for each block; folded parts too, which have no layout. */
  const linesOf = (node: Node): string => {
    if (node instanceof Text) return node.data;
    if (node instanceof HTMLElement && dom.is(node, 'furniture')) return '';
    const inside = Array.from(node.childNodes, linesOf).join('');
    return BLOCKS.test(node.nodeName) ? `\n${inside}\n` : inside;
  };

  const renderedText = (element: HTMLElement | undefined, isLegible: boolean): string => {
    if (!element || !isLegible) return element?.textContent?.trim() ?? '';
    return linesOf(element)
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  };

  const readText = (chunk: HTMLElement, isLegible: boolean): Segment => {
    const isSource = !dom.is(chunk, 'renderedNode') && !dom.within(chunk, 'renderedNode');
    const text = isSource ? sourceOf(chunk) : renderedText(chunk, isLegible);
    return { kind: 'text', text, isSource };
  };

  /** Thoughts are folded away, on some pages rendered only once unfolded, never shown as source. */
  const readThought = (chunk: HTMLElement, isLegible: boolean): Segment => {
    const text = renderedText(dom.within(chunk, 'thoughtBody'), isLegible);
    const header = dom.within(chunk, 'thoughtHeader');
    const isFolded = header?.getAttribute('aria-expanded') === 'false';
    if (text === '' && header && isFolded && !unfolded.has(header)) {
      unfolded.add(header);
      header.click();
    }
    return { kind: 'thought', text, isSource: false };
  };

  const readCall = (chunk: HTMLElement): Segment => {
    const name = dom.within(chunk, 'callName');
    const shown = [name ? dom.textOf(name) : '', dom.within(chunk, 'codeText')?.textContent ?? ''];
    return { kind: 'call', text: JSON.stringify(shown), isSource: true };
  };

  const readCode = (chunk: HTMLElement): Segment => {
    const block = dom.is(chunk, 'codeBlock') ? chunk : dom.within(chunk, 'codeBlock');
    const title = dom.within(chunk, 'codeTitle');
    const label = block?.getAttribute('data-test-language') ?? (title ? dom.textOf(title) : '');
    const text = dom.within(chunk, 'codeText')?.textContent ?? sourceOf(chunk);
    const type = dom.is(chunk, 'ranCodeResult') ? 'result' : 'code';
    const shown = [type, label, text];
    return { kind: 'code', text: JSON.stringify(shown), isSource: true };
  };

  const readImage = (chunk: HTMLElement): Segment => {
    const image = chunk instanceof HTMLImageElement ? chunk : dom.within(chunk, 'image');
    const address = image instanceof HTMLImageElement ? image.src : '';
    return { kind: 'image', text: address, isSource: true };
  };

  const readRemark = (text: string): Segment => ({
    kind: 'remark',
    text: text.trim(),
    isSource: false,
  });

  const readChunk = (element: HTMLElement, isLegible: boolean): Segment | undefined => {
    if (dom.is(element, 'thoughtChunk')) return readThought(element, isLegible);
    if (dom.is(element, 'textChunk')) return readText(element, isLegible);
    if (dom.is(element, 'callChunk')) return readCall(element);
    if (dom.is(element, 'imageChunk')) return readImage(element);
    const isCode = dom.is(element, 'ranCode') || dom.is(element, 'ranCodeResult');
    if (isCode || dom.is(element, 'codeBlock')) return readCode(element);
    if (dom.is(element, 'blockedMark')) return readRemark(dom.textOf(element));
    if (dom.is(element, 'turnError')) return readRemark(sourceOf(element));
    return undefined;
  };

  /** Chunks in their order; words between them become remarks. */
  const segmentsOf = (turn: HTMLElement, isLegible: boolean): Segment[] => {
    const segments: Segment[] = [];
    let words = '';
    const endRemark = (): void => {
      const remark = readRemark(words);
      if (remark.text !== '') segments.push(remark);
      words = '';
    };
    const walk = (parent: Node): void => {
      for (const node of parent.childNodes) {
        if (node instanceof Text) words += node.data;
        if (!(node instanceof HTMLElement) || !dom.isVisible(node)) continue;
        const chunk = readChunk(node, isLegible);
        if (chunk) {
          endRemark();
          segments.push(chunk);
        } else if (!dom.is(node, 'furniture') && !dom.is(node, 'callout')) walk(node);
      }
    };
    walk(turn);
    endRemark();
    return segments;
  };

  const read = (): Segment[] => {
    const now = new Map<string, Segment[]>();
    for (const [index, turn] of turns().entries()) {
      const id = dom.closest(turn, 'turnHost')?.id ?? '';
      const key = id === '' || now.has(id) ? String(index) : id;
      const before = remembered.get(key) ?? [];
      const shown = segmentsOf(turn, false);
      // A thought that was folded again keeps its text.
      const kept = shown.map((segment, position) =>
        segment.text === '' ? (before[position] ?? segment) : segment,
      );
      now.set(key, shown.length > 0 ? kept : before);
    }
    remembered = now;
    return [...now.values()].flat();
  };

  const messagesIn = (segments: readonly Segment[]): PageMessages => ({
    inTurn: segments.flatMap(({ kind, text }) =>
      kind === 'remark' && text.length <= MAX_REMARK ? text : [],
    ),
    elsewhere: complaints().flatMap((shown) => (old.has(shown) ? [] : dom.textOf(shown))),
  });

  const update = (): { update: AnswerUpdate; isNew: boolean } => {
    const segments = read();
    const changes = segments.flatMap((segment, index) => {
      const before = told[index];
      if (before?.kind === segment.kind && before.isSource === segment.isSource) {
        if (before.text === segment.text) return [];
        const keep = segment.text.startsWith(before.text) ? before.text.length : 0;
        return [{ ...segment, index, keep, text: segment.text.slice(keep) }];
      }
      return [{ ...segment, index, keep: 0 }];
    });
    const last = turns().at(-1);
    const mark = dom.findAll('endMark').at(-1);
    const state = {
      isGenerating: run.state() === 'generating',
      hasEndMark: !!last && !!mark && (last.contains(mark) || isAfter(mark, last)),
      messages: messagesIn(segments),
    };
    const isNew = changes.length > 0 || JSON.stringify(state) !== toldState;
    return { update: { changes, ...state }, isNew };
  };

  return {
    expect() {
      for (const shown of complaints()) old.add(shown);
      remembered.clear();
    },
    messages: () => messagesIn(read()),
    async untilAsked(timeoutMs) {
      const isAsked = (): boolean =>
        run.state() === 'generating' ||
        dom.findAll('userTurn').some((turn) => dom.textOf(turn) !== '');
      return (await dom.until(isAsked, timeoutMs)) === true;
    },
    rewind() {
      told = [];
      toldState = '';
    },
    async next(timeoutMs) {
      const fresh = await dom.until(() => {
        const look = update();
        return look.isNew && look.update;
      }, timeoutMs);
      const { changes, ...state } = fresh ?? update().update;
      for (const { index, keep, text, ...rest } of changes) {
        told[index] = { ...rest, text: (told[index]?.text ?? '').slice(0, keep) + text };
      }
      toldState = JSON.stringify(state);
      return { changes, ...state };
    },
    turns,
    segmentsOf,
  };
}
