import { Component, h } from '../preact.js';
import { CloseIcon, LockIcon, SendIcon } from './icons.js';

const MAX_LENGTH = 4_000;
/** From here on the composer counts. */
const COUNT_FROM = 3_600;

/** Where messages are written. The text is kept until it could be handed over. */
export class Composer extends Component {
  state = { text: '' };
  #field = null;
  #recipient = null;

  componentDidUpdate() {
    const { recipient } = this.props.chat;
    if (recipient && recipient !== this.#recipient) {
      this.#field.focus();
    }
    this.#recipient = recipient;
    this.#grow();
  }

  render({ chat }, { text }) {
    const length = text.trim().length;
    const online = chat.status === 'online';
    const ready = online && length > 0 && length <= MAX_LENGTH;
    const to = chat.recipient;
    return h('form', {
      class: to ? 'composer private' : 'composer',
      onSubmit: (event) => { event.preventDefault(); this.#send(); },
    },
    to && h('p', { class: 'recipient', 'data-testid': 'recipient' }, h(LockIcon),
      h('span', null, 'Private to ', h('strong', null, to.userName)),
      h('button', {
        type: 'button', class: 'round', 'aria-label': 'Write to the room again',
        onClick: () => chat.writeTo(null),
      }, h(CloseIcon))),
    h('div', { class: 'field' },
      h('label', { class: 'visually-hidden', for: 'composer' }, 'Message'),
      h('textarea', {
        id: 'composer', 'data-testid': 'composer', rows: 1, value: text,
        placeholder: to ? `Message to ${to.userName}` : `Message room ${chat.room.id}`,
        autofocus: true, enterkeyhint: 'send', 'aria-describedby': 'composer-hint',
        ref: (field) => { this.#field = field ?? this.#field; },
        onInput: (event) => this.setState({ text: event.currentTarget.value }),
        onKeyDown: (event) => this.#key(event),
      }),
      h('button', {
        class: 'send', 'data-testid': 'send', disabled: !ready, 'aria-label': 'Send',
      }, h(SendIcon))),
    h('p', { id: 'composer-hint', class: length > MAX_LENGTH ? 'hint over' : 'hint' },
      this.#hint(online, length)));
  }

  #hint(online, length) {
    if (length > COUNT_FROM) {
      return `${length.toLocaleString()} of ${MAX_LENGTH.toLocaleString()} characters`;
    }
    if (!online && length > 0) {
      return 'Not connected: your text stays here until you are.';
    }
    return '';
  }

  #key(event) {
    // 229: an input method is composing, and Enter chooses a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#send();
    }
  }

  #send() {
    const text = this.state.text.trim();
    if (text && text.length <= MAX_LENGTH && this.props.chat.send(text)) {
      this.setState({ text: '' });
    }
  }

  #grow() {
    const field = this.#field;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }
}
