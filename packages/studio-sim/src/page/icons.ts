import { h } from './dom.ts';

/** Our own line drawings on a 24 × 24 grid, by the name of the ligature they stand for. */
const DRAWINGS: Readonly<Record<string, string>> = {
  add: 'M12 5v14M5 12h14',
  add_circle: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 8v8M8 12h8',
  arrow_drop_down: 'M7 10l5 5l5-5',
  arrow_split: 'M4 12h6M10 12l6-6h4M10 12l6 6h4',
  auto_awesome: 'M12 3l2 7l7 2l-7 2l-2 7l-2-7l-7-2l7-2z',
  bolt: 'M13 3L6 13h5l-1 8l7-11h-5z',
  chat: 'M4 5h16v11H9l-5 4z',
  chat_bubble: 'M4 5h16v11H9l-5 4z',
  chat_spark: 'M4 5h9M20 11v5H9l-5 4V5M18 3v6M15 6h6',
  check: 'M5 12l5 5L20 7',
  chevron_left: 'M15 6l-6 6l6 6',
  chevron_right: 'M9 6l6 6l-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  code: 'M9 7l-5 5l5 5M15 7l5 5l-5 5',
  compare_arrows: 'M4 9h11M12 6l3 3l-3 3M20 15H9M12 12l-3 3l3 3',
  content_copy: 'M8 8h11v12H8zM5 16V4h11',
  dashboard: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  delete: 'M6 7h12l-1 13H7zM4 7h16M10 4h4',
  developer_guide: 'M5 4h14v16H5zM9 8h6M9 12h6',
  download: 'M12 4v11M7 11l5 5l5-5M5 20h14',
  edit: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  error: 'M12 3a9 9 0 1 0 0.1 0M12 8v5M12 16v1',
  expand_less: 'M6 15l6-6l6 6',
  expand_more: 'M6 9l6 6l6-6',
  folder: 'M3 6h6l2 2h10v11H3z',
  function: 'M14 5q-3-1-3 3l-1 8q-1 4-4 3M8 11h6',
  gallery_thumbnail: 'M4 4h9v9H4zM16 4h4M16 9h4M4 16h3M9 16h3M16 16h4',
  google: 'M19 12h-7M19 12a7 7 0 1 1-2-5',
  history: 'M4 12a8 8 0 1 1 3 6M4 12V7M4 12h5M12 8v5l3 2',
  image: 'M4 5h16v14H4zM4 16l5-5l4 4l3-3l4 4',
  info: 'M12 3a9 9 0 1 0 0.1 0M12 11v6M12 7v1',
  key: 'M8 12a4 4 0 1 0 0.1 0M11 13h10v4M17 13v3',
  key_off: 'M8 12a4 4 0 1 0 0.1 0M12 13h9v4M4 4l16 16',
  keyboard_return: 'M20 6v7H5M9 9l-4 4l4 4',
  markdown_copy: 'M4 6h16v12H4zM7 15V9l3 4l3-4v6M17 9v6M15 13l2 2l2-2',
  menu_open: 'M4 6h12M4 12h9M4 18h12M20 8l-4 4l4 4',
  mic: 'M12 4v9M9 7v4a3 3 0 0 0 6 0V7a3 3 0 0 0-6 0M6 11a6 6 0 0 0 12 0M12 17v4',
  more_vert: 'M12 5v1M12 11.5v1M12 18v1',
  movie: 'M4 6h16v12H4zM10 9l5 3l-5 3z',
  notifications: 'M6 17V11a6 6 0 0 1 12 0v6h2H4zM10 20h4',
  progress_activity: 'M12 3a9 9 0 1 1-8 5',
  psychology: 'M9 20v-4q-4-2-4-6a6 6 0 0 1 12 0l2 4h-2v3h-3v3M9 10q2-3 5 0',
  refresh: 'M19 12a7 7 0 1 1-2-5M18 3v5h-5',
  reset_settings: 'M19 12a7 7 0 1 1-2-5M18 3v5h-5M9 12h6',
  restart_alt: 'M19 12a7 7 0 1 1-2-5M18 3v5h-5',
  save: 'M5 4h12l2 2v14H5zM8 4v5h7V4M8 20v-6h8v6',
  search: 'M10.5 4a6.5 6.5 0 1 0 0.1 0M15.5 15.5L21 21',
  settings:
    'M12 8a4 4 0 1 0 0.1 0M12 3v3M12 18v3M3 12h3M18 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2',
  share: 'M6 12a2 2 0 1 0 0.1 0M17 6a2 2 0 1 0 0.1 0M17 18a2 2 0 1 0 0.1 0M8 12l7-5M8 14l7 5',
  speed: 'M4 17a8 8 0 1 1 16 0M12 17l4-6',
  star: 'M12 4l2 6h6l-5 4l2 6l-5-4l-5 4l2-6l-5-4h6z',
  stop: 'M7 7h10v10H7z',
  thumb_down: 'M8 4h9v9l-5 7l-1-5H5l2-11M20 4v9',
  thumb_up: 'M8 20h9V11l-5-7l-1 5H5l2 11M20 11v9',
  timer: 'M12 6a7 7 0 1 0 0.1 0M12 9v4M10 3h4',
  tune: 'M4 7h9M17 7h3M13 5v4M4 17h3M11 17h9M11 15v4',
  upload_file: 'M6 3h8l4 4v14H6zM12 18v-7M9 13l3-3l3 3',
  vpn_key: 'M8 12a4 4 0 1 0 0.1 0M11 13h10v4M17 13v3',
  warning: 'M12 4l9 16H3zM12 10v5M12 17v1',
  widgets: 'M4 4h6v6H4zM4 14h6v6H4zM14 14h6v6h-6zM17 3l4 4l-4 4l-4-4z',
};

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An icon. As on the real page its text is the ligature's name, so a button's text content holds
 * words such as `keyboard_return`; there is no icon font here, so a drawing stands over it.
 */
export function icon(name: string, mark = ''): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', DRAWINGS[name] ?? 'M5 5h14v14H5z');
  svg.append(path);
  return h(
    `span.material-symbols-outlined.notranslate.ms-button-icon-symbol${mark}`,
    { 'aria-hidden': 'true' },
    name,
    svg,
  );
}
