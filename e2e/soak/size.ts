const wholeNumber = (name: string, usual: number): number => {
  const given = Number(process.env[name] || usual);
  if (!Number.isInteger(given) || given < 1) throw new Error(`${name} is to be a whole number`);
  return given;
};

/** How much is done, and from which seed: the same seed makes the same choices. */
export const size = {
  seed: wholeNumber('SOAK_SEED', 20_261_122),
  /** How often a client goes away and asks anew. */
  rounds: wholeNumber('SOAK_ROUNDS', 1000),
  /** Requests of the crowd. */
  requests: wholeNumber('SOAK_REQUESTS', 1000),
  /** How often something goes wrong while requests run. */
  troubles: wholeNumber('SOAK_TROUBLES', 300),
  /** How many processes are killed. */
  deaths: wholeNumber('SOAK_DEATHS', 100),
} as const;

/** Prints what was done. */
export function report(what: string): void {
  process.stdout.write(`soak (seed ${size.seed}): ${what}\n`);
}
