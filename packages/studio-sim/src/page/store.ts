/** A value that can be watched. */
export interface Store<T> {
  readonly value: T;
  /** Replaces the value and tells who watches, unless it is the same. */
  set(value: T): void;
  /** Changes some fields. */
  patch(change: Partial<T>): void;
  /** Calls back now and after every change; returns how to stop that. */
  watch(listener: (value: T) => void): () => void;
}

/** A store that holds this value. */
export function createStore<T>(start: T): Store<T> {
  let value = start;
  const listeners = new Set<(value: T) => void>();
  const set = (next: T): void => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of listeners) listener(value);
  };
  return {
    get value() {
      return value;
    },
    set,
    patch: (change) => set({ ...value, ...change }),
    watch(listener) {
      listeners.add(listener);
      listener(value);
      return () => void listeners.delete(listener);
    },
  };
}
