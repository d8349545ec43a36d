/** What the simulator says when nothing tells it what to say: markdown with something of everything. */
export const PARAGRAPHS = `The simulator answers every ordinary prompt with these **same few paragraphs**, so that a test can compare them byte for byte.

It speaks *markdown*, because the page renders it and rendering loses things: a [link](https://example.org/), some \`inline code\`, and a list.

1. First, a numbered item.
2. Then one with a nested list:
   - a dash,
   - and another.

\`\`\`typescript
export function greet(name: string): string {
  return \`Hello, \${name}!\`;
}
\`\`\`

| column | value |
| :----- | ----: |
| one    |     1 |
| two    |     2 |

The area of a circle is $\\pi r^2$. That is all there is to say.
`;

/** What a thinking model thinks before it says the above. */
export const PARAGRAPH_THOUGHTS = `**Looking at the prompt**

Nothing in it asks for anything in particular, so the usual paragraphs will do.


`;
