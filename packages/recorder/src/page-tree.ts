/** Whether an element was rendered, where that does not follow from the one around it. */
export type Shown =
  /** It has no box, and neither has what is in it. */
  | 'none'
  /** It has no box of its own, but what is in it has. */
  | 'contents'
  /** It has a box that is not painted. */
  | 'hidden'
  /** It is painted inside a hidden one. */
  | 'visible';

/** One element of a page as it was found, with all that it says. Plain data: it comes from the page. */
export interface PageNode {
  /** Local name, lower case. */
  readonly tag: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly (PageNode | string)[];
  /** What is in its open shadow root. */
  readonly shadow?: readonly (PageNode | string)[];
  /** What a form field holds now. */
  readonly value?: string;
  readonly checked?: boolean;
  readonly shown?: Shown;
}
