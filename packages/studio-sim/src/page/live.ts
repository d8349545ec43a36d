import { type FaultName } from '../control/faults.ts';
import { type SwitchState } from '../control/switches.ts';
import { TIMINGS, type Timing } from '../timing.ts';
import { createStore } from './store.ts';

/** What the control port has switched on, as it changes. */
export interface Live {
  readonly value: SwitchState;
  readonly timing: Timing;
  /** Effects of a control come up to so many ms after it. */
  readonly jitter: number;
  watch(listener: (state: SwitchState) => void): () => void;
  isOn(fault: FaultName): boolean;
  /** Whether the fault is on; if it is on for a number of occasions, this was one. */
  take(fault: FaultName): boolean;
}

/** Follows the switches from this state on, and tells the simulator what the page shows. */
export function followSwitches(start: SwitchState): Live {
  const store = createStore(start);
  const page = crypto.randomUUID();
  const source = new EventSource(`/_/sim/live?page=${page}`);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const state: SwitchState = JSON.parse(data);
    store.set(state);
    tell(`applied?page=${page}&version=${state.version}`);
  });
  source.addEventListener('reload', () => location.reload());
  return {
    get value() {
      return store.value;
    },
    get timing() {
      return TIMINGS[store.value.options.timing];
    },
    get jitter() {
      const { jitter, timing } = store.value.options;
      return jitter ?? TIMINGS[timing].jitter;
    },
    watch: (listener) => store.watch(listener),
    isOn: (fault) => fault in store.value.faults,
    take(fault) {
      const value = store.value.faults[fault];
      if (value === undefined) return false;
      if (value !== true) {
        const { [fault]: _, ...others } = store.value.faults;
        const faults = value > 1 ? { ...others, [fault]: value - 1 } : others;
        store.patch({ faults });
        tell(`take?fault=${fault}`);
      }
      return true;
    },
  };
}

/** Tells the simulator something; nobody waits for it. */
function tell(what: string): void {
  void fetch(`/_/sim/${what}`, { method: 'POST', keepalive: true }).catch(() => {}); // the simulator may be gone
}
