import { Component, h } from '../preact.js';

const NAMES = {
  connecting: 'Connecting…',
  online: 'Online',
  offline: 'Offline',
  closed: 'Offline',
};

/** The state of the connection, with a countdown to the next attempt. */
export class Status extends Component {
  componentDidMount() {
    this.timer = setInterval(() => {
      if (this.props.chat.connection.state === 'waiting') {
        this.forceUpdate();
      }
    }, 500);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
  }

  render({ chat }) {
    const { status } = chat;
    const seconds = Math.max(1, Math.ceil((chat.connection.retryAt - Date.now()) / 1_000));
    return h('div', { class: `status status-${status}` },
      h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', { role: 'status', 'data-testid': 'status', 'data-state': status },
        status === 'waiting'
          ? ['Reconnecting', h('span', { 'aria-hidden': 'true' }, ` in ${seconds} s`)]
          : NAMES[status]),
      status === 'waiting'
        && h('button', { class: 'link', onClick: () => chat.reconnectNow() }, 'Now'));
  }
}
