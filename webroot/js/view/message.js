import { Component, h } from '../preact.js';
import { linkParts, timeName } from '../text.js';
import { Avatar } from './avatar.js';
import { LockIcon } from './icons.js';

/** One message. What people wrote is only ever set as text. */
export class Message extends Component {
  shouldComponentUpdate({ item, continued }) {
    const before = this.props.item;
    return continued !== this.props.continued || item.key !== before.key
      || item.state !== before.state || item.at !== before.at || item.text !== before.text;
  }

  render({ item, continued, room }) {
    const secret = item.kind === 'private' || Boolean(item.toName);
    const classes = ['message', item.own ? 'own' : 'other', continued && 'continued',
      secret && 'private', item.state && `state-${item.state}`];
    return h('li', {
      class: classes.filter(Boolean).join(' '), 'data-testid': 'message',
      'data-own': item.own, 'data-kind': secret ? 'private' : 'room', 'data-state': item.state,
    },
    !item.own && !continued && h(Avatar, item),
    h('div', { class: 'bubble' },
      !continued && h('p', { class: 'meta' },
        h('span', { class: item.own ? 'visually-hidden' : 'author' },
          item.own ? 'You' : item.userName),
        secret && h('span', { class: 'secret' }, h(LockIcon),
          item.own ? `private to ${item.toName}` : 'private')),
      h('p', { class: 'text', 'data-testid': 'message-text' }, linkParts(item.text).map(
        (part) => (part.href
          ? h('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer' }, part.text)
          : part.text))),
      h('p', { class: 'time' }, item.state === 'sending'
        ? 'sending…'
        : h('time', { dateTime: new Date(item.at).toISOString() }, timeName(item.at)))),
    item.state === 'failed' && h('div', { class: 'failure', role: 'alert' },
      h('span', null, `Not sent: ${item.error}`),
      h('button', { class: 'link', 'data-testid': 'retry', onClick: () => room.retry(item.key) },
        'Try again'),
      h('button', { class: 'link', onClick: () => room.discard(item.key) }, 'Discard')));
  }
}
