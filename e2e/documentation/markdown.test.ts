import { describe, expect, it } from '@jest/globals';

import { anchors, codeBlocks, linkTargets, proseLines, sectionNumbers } from './markdown.ts';

const page = `# A page: what, why?

See [there](b.md#c-d) and \`[not](this)\`.

<!-- prints: hello -->

\`\`\`sh
echo "hello" # [nor](that)
\`\`\`

## 2. \`Code\` & more

1. a step

   \`\`\`js
   if (a) {
     b();
   }
   \`\`\`

### 2.1 Less
`;

describe('a page in markdown', () => {
  it('has blocks of code with the comment above them, and without indentation', () => {
    expect(codeBlocks(page)).toEqual([
      { language: 'sh', code: 'echo "hello" # [nor](that)\n', note: 'prints: hello' },
      { language: 'js', code: 'if (a) {\n  b();\n}\n', note: '' },
    ]);
  });

  it('links from outside of code only', () => {
    expect(linkTargets(page)).toEqual(['b.md#c-d']);
  });

  it('has lines of prose outside of code and tables', () => {
    const lines = proseLines(`${page}\n| a | b |\n| - | - |\n`);
    expect(lines.filter((line) => line !== '')).toEqual([
      '# A page: what, why?',
      'See [there](b.md#c-d) and `[not](this)`.',
      '## 2. `Code` & more',
      '1. a step',
      '### 2.1 Less',
    ]);
  });

  it('has an anchor for each heading, and numbers for some', () => {
    expect(anchors(page)).toEqual(['a-page-what-why', '2-code--more', '21-less']);
    expect(sectionNumbers(page)).toEqual(['2', '2.1']);
  });
});
