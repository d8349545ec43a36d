const NodeEnvironment = require('@stryker-mutator/jest-runner/jest-env/node');

/**
 * Jest's environment of Stryker, which skips all tests after the first that fails: a mutant that keeps
 * ten tests waiting is found after the first of them. The flag is taken back with each mutant.
 */
module.exports = class FirstFailureEnvironment extends NodeEnvironment {
  async handleTestEvent(event) {
    if (event.name === 'test_done' && event.test.errors.length > 0)
      globalThis.hasMutantFailed = true;
    if (event.name === 'test_start' && globalThis.hasMutantFailed) event.test.mode = 'skip';
  }
};
