/**
 * The title that a citation's label is. As far as the page's own code tells the label is a licence, but
 * some captures have a title there (wire-format.md §5.7).
 */
export const toTitle = (label = ''): string =>
  /\blicen[cs]e|^(?:mit|isc|bsd|apache|a?gpl|lgpl|mpl|cc)\b/i.test(label) ? '' : label;
