import { Component, h } from '../preact.js';
import { dayName, dayOf } from '../text.js';
import { DownIcon } from './icons.js';
import { Message } from './message.js';

/** Nearer to the end than this counts as reading the newest. */
const END_PX = 60;
/** Messages of one author closer together than this are one block. */
const BLOCK_MS = 5 * 60_000;

/** The stream of a room. Stays at its end while the person reads there, and nowhere else. */
export class Messages extends Component {
  #list = null;
  /** Keys of the first and last row, and of the first one on the screen before. */
  #first = '';
  #last = '';
  #firstShown = '';
  /** Whether the person has just sent something, and so wants to see the end. */
  #ownSent = false;
  #resize = null;
  #seeEnd = () => this.#scrolled();

  componentDidMount() {
    document.addEventListener('visibilitychange', this.#seeEnd);
    this.#resize = new ResizeObserver(() => this.#stayAtEnd());
    this.#resize.observe(this.#list);
    this.#stayAtEnd();
  }

  componentWillUnmount() {
    document.removeEventListener('visibilitychange', this.#seeEnd);
    this.#resize.disconnect();
  }

  getSnapshotBeforeUpdate() {
    const list = this.#list;
    return { fromEnd: list.scrollHeight - list.scrollTop, atEnd: this.#atEnd() };
  }

  componentDidUpdate(before, state, { fromEnd, atEnd }) {
    const list = this.#list;
    if (before.room !== this.props.room || atEnd || this.#ownSent) {
      list.scrollTop = list.scrollHeight;
    } else if (this.#firstShown !== this.#first) {
      // Older messages came in above: what the person reads stays where it is.
      list.scrollTop = list.scrollHeight - fromEnd;
    }
    this.#ownSent = false;
    this.#firstShown = this.#first;
    this.#scrolled();
  }

  render({ room }) {
    const items = room.items();
    const last = items.at(-1);
    this.#ownSent ||= last?.state === 'sending' && last.key !== this.#last;
    this.#first = items[0]?.key;
    this.#last = last?.key;
    return h('div', { class: 'stream' },
      h('div', {
        class: 'scroll', tabIndex: 0, ref: (list) => { this.#list = list ?? this.#list; },
        onScroll: () => this.#scrolled(), 'aria-label': 'Messages', role: 'log',
        'aria-live': 'polite', 'aria-busy': room.loading,
      },
      h(Beginning, { room, empty: items.length === 0 }),
      h('ol', { class: 'messages', 'data-testid': 'messages' }, this.#rows(items, room))),
      room.unread > 0 && h('button', {
        class: 'jump', 'data-testid': 'jump', onClick: () => this.#toEnd(),
      }, h(DownIcon), room.unread === 1 ? '1 new message' : `${room.unread} new messages`));
  }

  #rows(items, room) {
    const now = Date.now();
    const rows = [];
    let before = null;
    for (const item of items) {
      const newDay = !before || dayOf(before.at) !== dayOf(item.at);
      if (newDay) {
        rows.push(h('li', { key: `day-${dayOf(item.at)}`, class: 'day' },
          h('span', null, dayName(item.at, now))));
      }
      if (item.key === room.unreadKey) {
        rows.push(h('li', { key: 'unread', class: 'unread', 'data-testid': 'unread' },
          h('span', null, 'New')));
      }
      rows.push(h(Message, { key: item.key, item, room,
        continued: !newDay && item.key !== room.unreadKey && sameBlock(before, item) }));
      before = item;
    }
    return rows;
  }

  #atEnd() {
    const list = this.#list;
    return list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
  }

  #stayAtEnd() {
    if (this.props.room.watching) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#scrolled();
  }

  #scrolled() {
    this.props.room.watch(this.#atEnd() && document.visibilityState === 'visible');
  }
}

function Beginning({ room, empty }) {
  if (room.loadError) {
    return h('p', { class: 'beginning' }, `Messages could not be loaded: ${room.loadError}`);
  }
  if (room.hasOlder) {
    return h('p', { class: 'beginning' }, h('button', {
      class: 'secondary', 'data-testid': 'load-older', disabled: room.loading,
      onClick: () => room.loadOlder(),
    }, room.loading ? 'Loading…' : 'Load older'));
  }
  if (empty) {
    return h('p', { class: 'beginning empty' },
      room.loading ? 'Loading messages…' : 'No messages yet. Say hello!');
  }
  return h('p', { class: 'beginning' }, 'This is where the room begins.');
}

function sameBlock(before, item) {
  return before !== null && before.own === item.own && before.userId === item.userId
    && isSecret(before) === isSecret(item) && before.toName === item.toName
    && item.at - before.at < BLOCK_MS && before.state !== 'failed';
}

function isSecret(item) {
  return item.kind === 'private' || Boolean(item.toName);
}
