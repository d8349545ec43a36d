import { NUMBER_NAMES, type PanelChange, type PanelState, TOGGLE_NAMES } from './panel-state.ts';
import { type StudioPage } from './studio-page.ts';

/** How one setting fared when it was moved and moved back. */
export interface SettingCheck {
  readonly setting: string;
  readonly status: 'moved and moved back' | 'did not move' | 'did not move back' | 'disabled';
  /** What the page said or what was not found. */
  readonly detail?: string;
}

/** Small steps that every model allows. */
const STEPS = { temperature: 0.1, topP: 0.05, maxOutputTokens: 1, thinkingBudget: 1 } as const;

/** Moves every setting that the page shows, and moves it back. Presses nothing that asks the model. */
export async function checkSettings(
  page: StudioPage,
  signal: AbortSignal,
): Promise<SettingCheck[]> {
  const start = await page.readPanel(signal);
  const checks: SettingCheck[] = TOGGLE_NAMES.filter((name) => start.toggles[name]?.isDisabled).map(
    (setting) => ({ setting, status: 'disabled' }),
  );
  for (const { setting, there, back } of movesFor(start)) {
    const moved = await page.changePanel([there], signal);
    if (moved.problem) {
      checks.push({ setting, status: 'did not move', detail: moved.problem.detail });
      continue;
    }
    const returned = await page.changePanel([back], signal);
    const { problem } = returned;
    checks.push(
      problem
        ? { setting, status: 'did not move back', detail: problem.detail }
        : { setting, status: 'moved and moved back' },
    );
  }
  return checks;
}

interface Move {
  readonly setting: string;
  readonly there: PanelChange;
  readonly back: PanelChange;
}

/** For everything that the panel shows, a change and the one that undoes it. */
export function movesFor(state: PanelState): Move[] {
  const toggles = TOGGLE_NAMES.flatMap((name): Move[] => {
    const toggle = state.toggles[name];
    if (!toggle || toggle.isDisabled) return [];
    const to = (isOn: boolean): PanelChange => ({ type: 'toggle', name, isOn });
    return [{ setting: name, there: to(!toggle.isOn), back: to(toggle.isOn) }];
  });
  const numbers = NUMBER_NAMES.flatMap((name): Move[] => {
    const number = state.numbers[name];
    if (!number) return [];
    const { value, max = Infinity } = number;
    const step = value + STEPS[name] > max ? -STEPS[name] : STEPS[name];
    const to = (wanted: number): PanelChange => ({ type: 'number', name, value: wanted });
    return [{ setting: name, there: to(Number((value + step).toFixed(2))), back: to(value) }];
  });
  const moves = [...toggles, ...numbers];
  const { thinkingLevel, stop, hasSystem } = state;
  if (thinkingLevel !== undefined) {
    const other = thinkingLevel === 'low' ? 'high' : 'low';
    moves.push({
      setting: 'thinkingLevel',
      there: { type: 'level', level: other },
      back: { type: 'level', level: thinkingLevel },
    });
  }
  if (stop) {
    moves.push({
      setting: 'stop',
      there: { type: 'stop', sequences: [...stop, 'END'] },
      back: { type: 'stop', sequences: stop },
    });
  }
  // What stands there already could not be written back.
  if (hasSystem === false) {
    moves.push({
      setting: 'system',
      there: { type: 'system', text: 'Answer briefly.' },
      back: { type: 'system', text: '' },
    });
  }
  return moves;
}
