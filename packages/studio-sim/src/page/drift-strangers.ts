import { createChance } from '../drift/chance.ts';
import { type DriftNames } from '../drift/names.ts';
import { type DriftPlan } from '../drift/plan.ts';

const WORDS = [
  'Ideas',
  'Share',
  'Explore',
  'Remix',
  'Tips',
  'Starred',
  'Beta',
  'Shortcuts',
] as const;
const MESSAGES = [
  'A new way to build is here',
  'How are we doing today?',
  'Your workspace has moved',
  'Try the new agents in preview',
] as const;
const CLOSERS = ['Got it', 'Not now', 'Dismiss', 'OK', 'Maybe later', '×'] as const;
const CORNERS = [
  'top: 64px; left: 8px',
  'top: 64px; right: 8px',
  'bottom: 8px; left: 8px',
  'bottom: 8px; right: 8px',
  'bottom: 8px; left: 40%',
] as const;
const LATEST_MS = 2000;
/** Of the elements that something could be put beside, so many get something. */
const BESIDE = 0.25;

/** An unknown element to stand before the one with this mark, if one does. */
export function strangerBeside(
  names: DriftNames,
  mark: string | undefined,
): HTMLElement | undefined {
  if (!mark?.startsWith('button') || mark.includes('role=')) return undefined;
  if (!names.isChosen('inserted', mark)) return undefined;
  if (names.way([0, 0.3, 0.6, 0.9], 'inserted', `beside ${mark}`) > BESIDE) return undefined;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = names.way([...WORDS], 'inserted', mark);
  return button;
}

/** Shows what nobody asked for: a row, a card in a corner, or a dialog; each has a way to close it. */
export function showStrangers({ seed, shares }: DriftPlan): void {
  const share = shares.get('inserted');
  if (share === undefined) return;
  const chance = createChance(seed);
  const count = Math.ceil(share * 6);
  for (let index = 0; index < count; index += 1) {
    const subject = `stranger ${index}`;
    const show = chance.pick([showRow, showCard, showCard, showDialog], subject);
    const text = chance.pick(MESSAGES, subject, 'text');
    const closer = chance.pick(CLOSERS, subject, 'closer');
    const corner = chance.pick(CORNERS, subject, 'corner');
    window.setTimeout(() => show(text, closer, corner), chance.of(subject, 'ms') * LATEST_MS);
  }
}

function withCloser(element: HTMLElement, text: string, closer: string, onClose: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = closer;
  button.addEventListener('click', onClose);
  const words = document.createElement('p');
  words.textContent = text;
  element.append(words, button);
}

function showRow(text: string, closer: string): void {
  const row = document.createElement('ms-announcement-row');
  row.className = 'stranger-row';
  withCloser(row, text, closer, () => row.remove());
  document.body.append(row);
}

function showCard(text: string, closer: string, corner: string): void {
  const card = document.createElement('ms-announcement-card');
  card.className = 'stranger-card';
  card.style.cssText = corner;
  withCloser(card, text, closer, () => card.remove());
  document.body.append(card);
}

function showDialog(text: string, closer: string): void {
  const backdrop = document.createElement('div');
  backdrop.className = 'stranger-backdrop';
  const dialog = document.createElement('div');
  dialog.className = 'stranger-dialog';
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  withCloser(dialog, text, closer, () => backdrop.remove());
  backdrop.append(dialog);
  document.body.append(backdrop);
}
