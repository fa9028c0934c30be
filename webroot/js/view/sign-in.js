import { Component, h } from '../preact.js';
import { Logo } from './icons.js';

/** Log in, or make an account: the same two fields, two buttons. */
export class SignIn extends Component {
  state = { userName: '', password: '', missing: '' };

  render({ chat }, { userName, password, missing }) {
    const problem = missing || chat.notice;
    return h('main', { class: 'sign-in' },
      h('div', { class: 'brand' }, h(Logo), h('h1', null, 'Parley')),
      h('form', { class: 'card', noValidate: true, onSubmit: (event) => this.#submit(event, 'login') },
        h('h2', null, 'Welcome'),
        h('p', { class: 'muted' }, 'Log in, or create an account with a new name.'),
        h('label', { for: 'name' }, 'Name'),
        h('input', {
          id: 'name', 'data-testid': 'login-name', autocomplete: 'username', autocapitalize: 'none',
          spellcheck: false, autofocus: true, value: userName, 'aria-invalid': Boolean(problem),
          'aria-describedby': 'sign-in-error',
          onInput: (event) => this.setState({ userName: event.currentTarget.value, missing: '' }),
        }),
        h('label', { for: 'password' }, 'Password'),
        h('input', {
          id: 'password', type: 'password', 'data-testid': 'login-password',
          autocomplete: 'current-password', value: password, 'aria-invalid': Boolean(problem),
          'aria-describedby': 'sign-in-error',
          onInput: (event) => this.setState({ password: event.currentTarget.value, missing: '' }),
        }),
        h('div', { id: 'sign-in-error', role: 'alert' },
          problem && h('p', { class: 'error', 'data-testid': 'error' }, problem)),
        h('button', {
          type: 'submit', class: 'primary', 'data-testid': 'login-submit', disabled: chat.busy,
        }, chat.busy ? 'One moment…' : 'Log in'),
        h('button', {
          type: 'button', class: 'secondary', 'data-testid': 'register-submit', disabled: chat.busy,
          onClick: (event) => this.#submit(event, 'register'),
        }, 'Create account')));
  }

  #submit(event, action) {
    event.preventDefault();
    const { userName, password } = this.state;
    if (this.props.chat.busy) {
      return;
    }
    if (!userName.trim() || !password) {
      this.setState({ missing: 'Please enter a name and a password.' });
      return;
    }
    this.setState({ missing: '' });
    void this.props.chat[action](userName.trim(), password, this.props.wantedRoom());
  }
}
