import { h } from '../preact.js';
import { hueOf, initialOf } from '../text.js';

/** A coloured letter; the name itself stands beside it. */
export function Avatar({ userId, userName }) {
  return h('span', { class: `avatar hue-${hueOf(userId)}`, 'aria-hidden': 'true' },
    initialOf(userName));
}
