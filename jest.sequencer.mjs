import Sequencer from '@jest/test-sequencer';

/** The files that take longest: two to six minutes each. */
const LONGEST = [
  'tiers/tiers',
  'page/drift',
  'page/faults',
  'tiers/crossed',
  'page/settings',
  'api/tools',
  'clients/stream-proxy',
  'tiers/dom-tier',
];
const rank = ({ path }) => {
  const index = LONGEST.findIndex((name) => path.endsWith(`/e2e/${name}.e2e.ts`));
  return index === -1 ? LONGEST.length : index;
};

/** Begins with the longest files, so that none of them runs alone at the end. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- Jest's own method, which gives a list of its own
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
