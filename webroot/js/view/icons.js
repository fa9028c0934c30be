import { h } from '../preact.js';

function icon(...paths) {
  return () => h('svg', {
    class: 'icon', viewBox: '0 0 24 24', width: 20, height: 20, fill: 'none',
    stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round',
    'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false',
  }, paths.map((d) => h('path', { d })));
}

export const SendIcon = icon('M5 12h14', 'M12 5l7 7-7 7');
export const PeopleIcon = icon(
  'M16 20v-1.500a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4V20', 'M9.500 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7',
  'M21 20v-1.500a4 4 0 0 0-3-3.870', 'M15.500 4.200a3.500 3.500 0 0 1 0 6.600');
export const LeaveIcon = icon('M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4', 'M15 16l4-4-4-4', 'M19 12H9');
export const LockIcon = icon(
  'M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z',
  'M8 11V8a4 4 0 0 1 8 0v3');
export const CloseIcon = icon('M6 6l12 12', 'M18 6L6 18');
export const DownIcon = icon('M12 5v14', 'M19 12l-7 7-7-7');

export function Logo() {
  return h('svg', {
    class: 'logo', viewBox: '0 0 64 64', width: 32, height: 32, 'aria-hidden': 'true',
    focusable: 'false',
  },
  h('path', {
    class: 'logo-bubble',
    d: 'M14 6h36a10 10 0 0 1 10 10v22a10 10 0 0 1-10 10H32L17 59.200A2 2 0 0 1 14 57.500V48'
      + 'A10 10 0 0 1 4 38V16A10 10 0 0 1 14 6z',
  }),
  [20, 32, 44].map((cx) => h('circle', { class: 'logo-dot', cx, cy: 27, r: 4.5 })));
}
