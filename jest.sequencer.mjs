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
    const usual = super.sort(tests);
    return usual.toSorted((one, other) => rank(one) - rank(other));
  }
}
