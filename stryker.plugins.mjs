import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [jest] = jestPlugins;

/** How long a test may take with a mutant: this, ms, and some times what it takes without one. */
const SPARE_MS = 1500;
const TIMES_AS_LONG = 4;

/** In Stryker's copy of the project, which is the working directory of all its test processes. */
const FOUND_TESTS = 'found-tests.json';

/**
 * Jest's runner of Stryker loads, for each mutant, every test file that imports the mutated file by any
 * way, and then skips most of the tests by their names; a test that a mutant makes wait for ever lasts
 * until Jest's own limit. This one loads only the files that have one of the tests which reach the mutant, and
 * knows how long those take. A mutant outside of all functions, which runs when its file is loaded, is
 * put to the tests beside that file.
 */
function runReachingTests(injector) {
  const runner = jest.factory(injector);
  const { jestTestAdapter } = runner;
  let found;
  let reaching;

  runner.jestTestAdapter = {
    run: (settings) => jestTestAdapter.run(reaching ? narrow(settings, reaching) : settings),
  };
  return {
    init: () => runner.init(),
    capabilities: () => runner.capabilities(),
    async dryRun(options) {
      const result = await runner.dryRun(options);
      writeFileSync(FOUND_TESTS, JSON.stringify(result.tests ?? []));
      return result;
    },
    async mutantRun(options) {
      found ??= JSON.parse(readFileSync(FOUND_TESTS, 'utf8')); // another process may have run them
      const names = options.testFilter && new Set(options.testFilter);
      reaching = names
        ? found.filter(({ id }) => names.has(id))
        : testsBeside(options.sandboxFileName, found);
      try {
        return await runner.mutantRun(options);
      } finally {
        reaching = undefined;
      }
    },
  };
}
runReachingTests.inject = jest.factory.inject;

function testsBeside(file, tests) {
  const own = join(dirname(file), `${basename(file, extname(file))}.test.ts`);
  const beside = tests.filter(({ fileName }) => fileName === own);
  return beside.length > 0 ? beside : tests;
}

const narrow = (settings, tests) => ({
  ...settings,
  testFiles: [...new Set(tests.map(({ fileName }) => fileName))],
  jestConfig: {
    ...settings.jestConfig,
    testTimeout:
      SPARE_MS + TIMES_AS_LONG * Math.max(...tests.map(({ timeSpentMs }) => timeSpentMs), 0),
  },
});

/** What is logged is for people: no test looks at it. */
const logLines = {
  shouldIgnore(path) {
    const callee = path.isCallExpression() ? path.node.callee : undefined;
    if (callee?.type !== 'MemberExpression') return undefined;
    const { object, property } = callee;
    const owner = object.type === 'MemberExpression' ? object.property.name : object.name;
    const isLog = owner === 'log' && ['debug', 'info', 'warn', 'error'].includes(property.name);
    return isLog ? 'a log line' : undefined;
  },
};

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'jest-reaching-tests', factory: runReachingTests },
  { kind: 'Ignore', name: 'log-lines', value: logLines },
];
