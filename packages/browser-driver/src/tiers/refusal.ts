/**
 * Whether a failure, in the service's or the page's words, is AI Studio's refusal of a prompt: 403,
 * code 7 (wire-format.md §5.10, page.md §9).
 */
export const isRefusal = ({ message }: { readonly message: string }): boolean =>
  /permission denied|does not have permission/i.test(message);
