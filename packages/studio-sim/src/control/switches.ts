import { z } from 'zod';

import { mapValues } from '../typed-object.ts';
import { FAULT_NAMES, type FaultName, FAULTS } from './faults.ts';
import { Options } from './options.ts';

/** `true`: on until switched off. A number: on for so many occasions. `false` or 0: off. */
const FaultValue = z.union([z.boolean(), z.int().nonnegative()]);

/** The body of `POST /faults`: faults and options by name; what is not named stays as it is. */
export const SwitchChange = z.strictObject({
  ...Options.partial().shape,
  ...mapValues(FAULTS, () => FaultValue.optional()),
});
export type SwitchChange = z.infer<typeof SwitchChange>;

/** The state of all switches at one moment. */
export interface SwitchState {
  /** Rises with every change. */
  readonly version: number;
  readonly faults: Readonly<Partial<Record<FaultName, true | number>>>;
  readonly options: Options;
}

/** What the simulator does wrong at present, and how it is set up. */
export interface Switches {
  readonly state: SwitchState;
  readonly options: Options;
  change(change: SwitchChange): void;
  /** Back to how it was started: no faults. */
  reset(): void;
  isOn(fault: FaultName): boolean;
  /** Whether the fault is on; if it is on for a number of occasions, this was one. */
  take(fault: FaultName): boolean;
  /** Calls back after every change; returns how to stop that. */
  onChange(listener: (state: SwitchState) => void): () => void;
}

/** Switches with these options and no faults. */
export function createSwitches(start: Options): Switches {
  let state: SwitchState = { version: 1, faults: {}, options: start };
  const listeners = new Set<(state: SwitchState) => void>();

  const set = (next: Omit<SwitchState, 'version'>): void => {
    state = { ...next, version: state.version + 1 };
    for (const listener of listeners) listener(state);
  };
  const setFault = (faults: SwitchState['faults'], name: FaultName, value: boolean | number) => {
    const { [name]: _, ...others } = faults;
    return value === false || value === 0 ? others : { ...others, [name]: value };
  };

  return {
    get state() {
      return state;
    },
    get options() {
      return state.options;
    },
    change(change) {
      let { faults } = state;
      for (const name of FAULT_NAMES) {
        const value = change[name];
        if (value !== undefined) faults = setFault(faults, name, value);
      }
      const given = Object.entries(change).filter(([name]) => name in state.options);
      set({ faults, options: { ...state.options, ...Object.fromEntries(given) } });
    },
    reset: () => set({ faults: {}, options: start }),
    isOn: (fault) => fault in state.faults,
    take(fault) {
      const value = state.faults[fault];
      if (value === undefined) return false;
      if (value !== true) set({ ...state, faults: setFault(state.faults, fault, value - 1) });
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
